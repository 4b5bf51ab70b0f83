// The SQL of what the server's status says about exports.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { ExportFailure } from "./overview-queries.ts";

export interface RunState {
  readonly failure: ExportFailure | null;
  /** Back-fills that are not complete. */
  readonly openBackfills: number;
}

/** How the last run of each configuration ended and what is still asked for, by its id. */
export async function readRunStates(db: Db): Promise<Map<number, RunState>> {
  const { rows } = await sql<{
    id: number;
    failedAt: UnixSeconds | null;
    code: string | null;
    message: string | null;
    openBackfills: number;
  }>`
    select c.id, failed_at as "failedAt", failure_code as "code", failure_message as "message",
      count(b.id) as "openBackfills"
    from export_config c left join export_backfill b on b.config_id = c.id and b.completed_at is null
    group by c.id`.execute(db);
  return new Map(
    rows.map(({ id, failedAt, code, message, openBackfills }) => [
      id,
      {
        failure: failedAt === null || code === null ? null : { at: failedAt, code, message: message ?? "" },
        openBackfills,
      },
    ]),
  );
}
