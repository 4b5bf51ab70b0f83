// The SQL that counts accepted keys by when they are released.

import { sql } from "kysely";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";

export interface ReleaseCount {
  readonly hour: UnixSeconds;
  readonly regions: readonly string[];
  readonly traveler: boolean;
  /** The first and the last instant at which one is released. */
  readonly first: UnixSeconds;
  readonly last: UnixSeconds;
  readonly keys: number;
}

/**
 * Keys that were uploaded, imported or federated, released or revised from `from` on, by hour, regions and traveller. Reads
 * those alone, by their indexes.
 */
export async function countReleases(db: Db, from: UnixSeconds): Promise<ReleaseCount[]> {
  const { rows } = await sql<ReleaseCount>`
    select at / ${HOUR}::bigint * ${HOUR}::bigint as "hour", regions, traveler, min(at) as "first", max(at) as "last",
      count(*) as "keys"
    from (
      select released_at as at, regions, traveler, origin from exposure where released_at >= ${from}::bigint
      union all
      select revised_at, regions, traveler, origin from exposure
      where revised_at is not null and revised_at >= ${from}::bigint and released_at < revised_at
    ) as released
    where origin in ('upload', 'import', 'federation')
    group by 1, regions, traveler
    order by 1, regions, traveler`.execute(db);
  return rows;
}
