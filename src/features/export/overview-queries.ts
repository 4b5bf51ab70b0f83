// The SQL that shows exports to people, and keeps how their last run ended.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { WindowPart } from "./export-types.ts";

export interface ExportFailure {
  readonly at: UnixSeconds;
  readonly code: string;
  readonly message: string;
}

/** What each configuration has exported in all, back-fills included, and the failure of its last run; by id. */
export async function readExportStates(
  db: Db,
  ids: readonly number[],
): Promise<Map<number, { readonly totals: WindowPart; readonly failure: ExportFailure | null }>> {
  const { rows } = await sql<
    WindowPart & { id: number; failedAt: UnixSeconds | null; code: string | null; message: string | null }
  >`
    select id, failed_at as "failedAt", failure_code as "code", failure_message as "message",
      coalesce(sum(archives), 0)::bigint as "archives", coalesce(sum(primaries), 0)::bigint as "primaries",
      coalesce(sum(revised), 0)::bigint as "revised", coalesce(sum(left_out), 0)::bigint as "leftOut",
      coalesce(sum(generated), 0)::bigint as "generated"
    from export_config left join (
      select config_id, archives, primaries, revised, left_out, generated from export_window
      union all
      select config_id, archives, primaries, revised, left_out, generated from export_backfill
    ) part on config_id = id
    where id = any(${ids}::bigint[])
    group by id`.execute(db);
  return new Map(
    rows.map(({ id, failedAt, code, message, ...totals }) => [
      id,
      { totals, failure: failedAt === null || code === null ? null : { at: failedAt, code, message: message ?? "" } },
    ]),
  );
}

export async function recordFailure(db: Db, id: number, failure: ExportFailure): Promise<void> {
  await sql`
    update export_config set failed_at = ${failure.at}::bigint, failure_code = ${failure.code},
      failure_message = ${failure.message}
    where id = ${id}::bigint`.execute(db);
}

export async function clearFailure(db: Db, id: number): Promise<void> {
  await sql`
    update export_config set failed_at = null, failure_code = null, failure_message = null
    where id = ${id}::bigint and failed_at is not null`.execute(db);
}
