// The SQL of what the server's status says about locations.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";

export interface SupplierSum {
  readonly locationId: number;
  /** export:<name>, mirror:<name>, or adopted. */
  readonly supplier: string;
  readonly archives: number;
  readonly primaries: number;
  readonly revised: number;
  readonly lastAppendedAt: UnixSeconds;
}

/** Who has supplied which location with how much, of the archives that are remembered. */
export async function sumSuppliers(db: Db): Promise<SupplierSum[]> {
  const { rows } = await sql<SupplierSum>`
    select location_id as "locationId", supplier, count(*) as "archives",
      sum(primary_count)::bigint as "primaries", sum(revised_count)::bigint as "revised",
      max(appended_at) as "lastAppendedAt"
    from location_archive
    group by location_id, supplier
    order by location_id, supplier collate "C"`.execute(db);
  return rows;
}
