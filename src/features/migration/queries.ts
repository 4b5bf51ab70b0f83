// All SQL on migrations, their observers and their journals.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { JournalEntry, Migration, MigrationRole, MigrationState } from "./migration-types.ts";
import type { MigrationPlan } from "./plan-form.ts";

interface MigrationRow {
  name: string;
  role: MigrationRole;
  plan: string;
  plan_digest: string;
  state: MigrationState;
  state_since_at: number;
}

/** By name. */
export async function readMigrations(db: Db): Promise<Migration[]> {
  const { rows } = await sql<MigrationRow>`select * from migration order by name`.execute(db);
  return rows.map(toMigration);
}

export async function readMigration(db: Db, name: string): Promise<Migration | undefined> {
  const { rows } = await sql<MigrationRow>`select * from migration where name = ${name}`.execute(db);
  return rows[0] && toMigration(rows[0]);
}

/** Of two who change the same migration one waits here. */
export async function lockMigration(tx: Db, name: string): Promise<Migration | undefined> {
  const { rows } = await sql<MigrationRow>`select * from migration where name = ${name} for update`.execute(tx);
  return rows[0] && toMigration(rows[0]);
}

/** False when there is one of this name. */
export async function insertMigration(tx: Db, { name, role, plan, planDigest, state, stateSince }: Migration) {
  const { numAffectedRows } = await sql`
    insert into migration (name, role, plan, plan_digest, state, state_since_at)
    values (${name}, ${role}, ${JSON.stringify(plan)}, ${planDigest}, ${state}, ${stateSince})
    on conflict do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

export async function updateState(tx: Db, name: string, state: MigrationState, since: UnixSeconds): Promise<void> {
  await sql`update migration set state = ${state}, state_since_at = ${since} where name = ${name}`.execute(tx);
}

export async function updatePlan(tx: Db, name: string, plan: MigrationPlan, digest: string): Promise<void> {
  const text = JSON.stringify(plan);
  await sql`update migration set plan = ${text}, plan_digest = ${digest} where name = ${name}`.execute(tx);
}

export interface Observer {
  readonly fingerprint: string;
  readonly publicPem: string;
}

export async function insertObserver(tx: Db, name: string, { fingerprint, publicPem }: Observer): Promise<void> {
  await sql`
    insert into migration_observer (migration, fingerprint, public_pem)
    values (${name}, ${fingerprint}, ${publicPem}) on conflict do nothing`.execute(tx);
}

export async function readObservers(db: Db, name: string): Promise<Observer[]> {
  const { rows } = await sql<{ fingerprint: string; public_pem: string }>`
    select fingerprint, public_pem from migration_observer where migration = ${name} order by fingerprint`.execute(db);
  return rows.map((row) => ({ fingerprint: row.fingerprint, publicPem: row.public_pem }));
}

/** In their order. */
export async function readJournal(db: Db, name: string): Promise<JournalEntry[]> {
  const { rows } = await sql<Omit<JournalEntry, "at"> & { written_at: number }>`
    select seq, written_at, principal, kind, detail, previous, digest
    from migration_entry where migration = ${name} order by seq`.execute(db);
  return rows.map(({ written_at: at, ...entry }) => ({ ...entry, at }));
}

export async function readLastEntry(tx: Db, name: string): Promise<Pick<JournalEntry, "seq" | "digest"> | null> {
  const { rows } = await sql<Pick<JournalEntry, "seq" | "digest">>`
    select seq, digest from migration_entry where migration = ${name} order by seq desc limit 1`.execute(tx);
  return rows[0] ?? null;
}

export async function insertEntry(tx: Db, name: string, entry: JournalEntry): Promise<void> {
  const { seq, at, principal, kind, detail, previous, digest } = entry;
  await sql`
    insert into migration_entry (migration, seq, written_at, principal, kind, detail, previous, digest)
    values (${name}, ${seq}, ${at}, ${principal}, ${kind}, ${detail}, ${previous}, ${digest})`.execute(tx);
}

function toMigration(row: MigrationRow): Migration {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked against its form before it was written
  const plan = JSON.parse(row.plan) as MigrationPlan;
  const { name, role, state } = row;
  return { name, role, plan, planDigest: row.plan_digest, state, stateSince: row.state_since_at };
}
