// Brings the tables up to date: numbered plain SQL files per feature, forward only, each in a transaction of its own.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { Clock } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database, DatabaseErrorCode, Db, StatementLimits } from "./database.ts";

/** The migrations of one feature. */
export interface MigrationSet {
  readonly name: string;
  /** Holds `0001-some-name.sql`, `0002-...` without a gap. */
  readonly folder: string;
}

/** A large table takes its time. Who waits meanwhile waits for one that is at work: a frozen one is ended by the server. */
const LIMITS: StatementLimits = { withinMilliseconds: 3_600_000, lockMilliseconds: 3_600_000 };

interface Migration {
  readonly number: number;
  /** The file's name. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/**
 * Applies what is missing, set by set in the given order, and returns what it applied as `set/file`.
 * Several processes may do it at once: each file is applied by one of them.
 * Throws `database_migration_changed` when a file that was applied is missing or has other content today, and
 * `database_tables_taken` when something else of the same name is there.
 */
export async function migrate(database: Database, sets: readonly MigrationSet[], clock: Clock): Promise<string[]> {
  const applied: string[] = [];
  const known = await selectKnown(database.db);
  for (const set of sets) {
    const migrations = readMigrations(set);
    // As at almost every start: nothing is locked, and nothing waited for.
    if (requireUnchanged(set, migrations, known.get(set.name) ?? []) === undefined) continue;
    for (;;) {
      const next = await database.transaction((tx) => applyNext(tx, set, migrations, clock), LIMITS);
      if (next === undefined) break;
      applied.push(`${set.name}/${next.name}`);
    }
  }
  return applied;
}

/** Applies the first migration that is missing and returns it, or undefined when none is. */
async function applyNext(
  tx: Db,
  set: MigrationSet,
  migrations: readonly Migration[],
  clock: Clock,
): Promise<Migration | undefined> {
  await waitForOthers(tx);
  const next = requireUnchanged(set, migrations, await selectApplied(tx, set.name));
  if (next === undefined) return undefined;
  try {
    await sql.raw(next.text).execute(tx);
  } catch (error) {
    throw isNameTaken(error) ? tablesTaken(set, next, error) : error;
  }
  await sql`
    insert into schema_migration (set_name, number, name, sha256, applied_at)
    values (${set.name}, ${next.number}, ${next.name}, ${next.sha256}, ${clock.now()})`.execute(tx);
  return next;
}

/** The first migration that is missing. */
function requireUnchanged(
  set: MigrationSet,
  migrations: readonly Migration[],
  applied: readonly Applied[],
): Migration | undefined {
  for (const { number, name, sha256 } of applied) {
    const today = migrations[number - 1];
    if (today?.name !== name || today.sha256 !== sha256) throw changed(set, name);
  }
  return migrations[applied.length];
}

/** Until this transaction ends nobody else migrates the same schema. */
async function waitForOthers(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('schema_migration ' || current_schema(), 0))`.execute(tx);
  await sql`
    create table if not exists schema_migration (
      set_name text not null,
      number integer not null,
      name text not null,
      sha256 text not null,
      applied_at bigint not null,
      primary key (set_name, number)
    )`.execute(tx);
}

type Applied = Omit<Migration, "text">;

async function selectApplied(tx: Db, setName: string): Promise<Applied[]> {
  const { rows } = await sql<Applied>`
    select number, name, sha256 from schema_migration where set_name = ${setName} order by number`.execute(tx);
  return rows;
}

/** What is applied, by set; nothing where there is no record of it yet. */
async function selectKnown(db: Db): Promise<Map<string, Applied[]>> {
  const { rows: tables } = await sql`select 1 where to_regclass('schema_migration') is not null`.execute(db);
  if (tables.length === 0) return new Map();
  const { rows } = await sql<Applied & { set_name: string }>`
    select set_name, number, name, sha256 from schema_migration order by set_name, number`.execute(db);
  return Map.groupBy(rows, (row) => row.set_name);
}

/** The files of a set, in order. */
export function readMigrationNames({ folder }: MigrationSet): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
}

function readMigrations(set: MigrationSet): Migration[] {
  const { folder } = set;
  return readMigrationNames(set).map((name, index) => {
    const number = index + 1;
    if (!name.startsWith(`${String(number).padStart(4, "0")}-`)) {
      throw new RangeError(`${join(folder, name)}: the numbers begin with 0001- and leave none out`);
    }
    const text = readFileSync(join(folder, name), "utf8");
    return { number, name, text, sha256: createHash("sha256").update(text).digest("hex") };
  });
}

/** SQLSTATEs of a table, an index or a type that is there already. */
function isNameTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "42P07" || error.code === "42710");
}

function tablesTaken(set: MigrationSet, { name }: Migration, cause: unknown): CodedError<DatabaseErrorCode> {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CodedError("database_tables_taken", `${set.name}/${name} cannot be applied: ${why}`, {
    remedy:
      "Something else has its tables there. Name a database of its own, or another schema (ENKS_DATABASE_SCHEMA).",
    cause,
  });
}

function changed(set: MigrationSet, name: string): CodedError<DatabaseErrorCode> {
  const message = `the migration ${set.name}/${name} was applied to this database with other content than it has today`;
  return new CodedError("database_migration_changed", message, {
    remedy: "Run the version of the program that this database was last used with, or a newer one.",
  });
}
