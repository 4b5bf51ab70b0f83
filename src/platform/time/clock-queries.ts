// All SQL on clock_state, and the database's own clock.

import { join } from "node:path";
import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database, Db } from "../database/database.ts";
import type { MigrationSet } from "../database/migrate.ts";
import { type AheadTables, aheadOf } from "./ahead-tables.ts";
import { setNotAfter } from "./instant-queries.ts";

export const clockMigrations: MigrationSet = { name: "clock", folder: join(import.meta.dirname, "migrations") };

export interface ClockState {
  readonly seenAt: UnixSeconds | null;
  readonly seenBy: string | null;
  readonly records: number;
  readonly confirmedAt: UnixSeconds | null;
  readonly confirmedBy: string | null;
}

export async function readClockState(db: Db): Promise<ClockState> {
  const { rows } = await sql<ClockState>`
    select seen_at as "seenAt", seen_by as "seenBy", records, confirmed_at as "confirmedAt",
      confirmed_by as "confirmedBy"
    from clock_state where only_row`.execute(db);
  return rows[0] ?? { seenAt: null, seenBy: null, records: 0, confirmedAt: null, confirmedBy: null };
}

/** Records the time of a process that relies on its clock; a record that lies ahead of it stays until it is put back. */
export async function recordSeen(db: Db, now: UnixSeconds, by: string): Promise<void> {
  await sql`
    update clock_state set seen_at = ${now}::bigint, seen_by = ${by}, records = records + 1
    where only_row and (seen_at is null or seen_at <= ${aheadOf(now)}::bigint)`.execute(db);
}

/** Lowers the record, and takes back a word that was given ahead. */
export const clockAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    const record = await sql`
      update clock_state set ${setNotAfter(["seen_at"], now)},
        confirmed_at = case when confirmed_at > ${aheadOf(now)}::bigint then null else confirmed_at end
      where only_row and greatest(seen_at, confirmed_at) > ${aheadOf(now)}::bigint`.execute(tx);
    return { record: Number(record.numAffectedRows ?? 0n) };
  },
};

/** `at`: what the clock says that is called right. */
export async function writeConfirmed(tx: Db, at: UnixSeconds, by: string): Promise<void> {
  await sql`
    update clock_state set confirmed_at = ${at}::bigint, confirmed_by = ${by} where only_row`.execute(tx);
}

/** What the database's machine says. */
export async function readDatabaseClock(database: Pick<Database, "execute">): Promise<UnixSeconds | null> {
  const [row] = await database.execute("select extract(epoch from clock_timestamp())::bigint as now", []);
  const there: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "now") : null;
  return typeof there === "number" ? there : null;
}

/** Where the database's end of the connection is; null: a socket. */
export async function readDatabaseAddress(database: Pick<Database, "execute">): Promise<string | null> {
  const [row] = await database.execute("select host(inet_server_addr()) as address", []);
  const address: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "address") : null;
  return typeof address === "string" ? address : null;
}
