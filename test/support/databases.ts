// Runs the same tests on the embedded database and, where one is given, on PostgreSQL.

import { afterAll, afterEach, beforeEach, describe, inject } from "vitest";
import type { Clock } from "../../src/core/clock.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { type MigrationSet, migrate } from "../../src/platform/database/migrate.ts";
import { takeEmbedded } from "./embedded-pool.ts";
import { takePostgres } from "./postgres-schemas.ts";

/** Opens an empty database with the tables of `sets`; it is closed after the test, or after the block if opened before. */
export type OpenDatabase = (sets?: readonly MigrationSet[]) => Promise<Database>;

/** Runs `block` once per kind of database. Any number of databases may be open at once. */
export function describeOnEachDatabase(name: string, block: (open: OpenDatabase) => void): void {
  const postgresUrl = inject("postgresUrl");
  describe(`${name} (embedded)`, () => block(opener(takeMigrated)));
  describe.skipIf(postgresUrl === null)(`${name} (PostgreSQL)`, () => {
    block(opener(async (sets) => migrated(await takePostgres(postgresUrl ?? ""), sets)));
  });
}

const migrationClock: Clock = { now: () => 1_700_000_000 };

async function migrated(database: Database, sets: readonly MigrationSet[]): Promise<Database> {
  try {
    await migrate(database, sets, migrationClock);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function takeMigrated(sets: readonly MigrationSet[]): Promise<Database> {
  return takeEmbedded({ name: JSON.stringify(sets), prepare: (database) => migrate(database, sets, migrationClock) });
}

function opener(take: (sets: readonly MigrationSet[]) => Promise<Database>): OpenDatabase {
  const ofBlock: Database[] = [];
  const ofTest: Database[] = [];
  let opened = ofBlock;
  beforeEach(() => {
    opened = ofTest;
  });
  afterEach(async () => {
    opened = ofBlock;
    await closeAll(ofTest);
  });
  afterAll(() => closeAll(ofBlock));
  return async (sets = []) => {
    const database = closingOnce(await take(sets));
    opened.push(database);
    return database;
  };
}

async function closeAll(databases: Database[]): Promise<void> {
  for (const database of databases.splice(0)) await database.close();
}

function closingOnce(database: Database): Database {
  let closing: Promise<void> | undefined;
  return { ...database, close: () => (closing ??= database.close()) };
}
