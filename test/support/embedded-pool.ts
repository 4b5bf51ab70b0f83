// Embedded databases of this test process: set back and used again, because starting one takes far longer.

import { sql } from "kysely";
import type { Database } from "../../src/platform/database/database.ts";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { type Prepared, rememberPrepared, restorePrepared } from "./prepared-rows.ts";

export interface Preparation {
  /** Databases of the same name are prepared alike. */
  readonly name: string;
  prepare(database: Database): Promise<unknown>;
}

interface Idle {
  readonly database: Database;
  readonly name: string;
  /** null: it is empty. */
  readonly prepared: Prepared | null;
}

const NOTHING: Preparation = { name: "nothing", prepare: async () => undefined };

const idle: Idle[] = [];

/** An embedded database as `preparation` makes it of an empty one; closing it makes it available again. */
export async function takeEmbedded(preparation = NOTHING): Promise<Database> {
  const { name } = preparation;
  const found = takeIdle(name) ?? takeIdle(NOTHING.name) ?? idle.shift();
  const database = found?.database ?? (await openEmbeddedDatabase({ folder: null }));
  let prepared = found?.prepared ?? null;
  if (found?.name !== name) {
    if (prepared !== null) await empty(database);
    prepared = await prepare(database, preparation);
  }
  return {
    ...database,
    async close() {
      const restored = prepared === null ? null : await restorePrepared(database.db, prepared);
      if (restored === null) await empty(database);
      else await sql`discard all`.execute(database.db);
      idle.push({ database, name: restored === null ? NOTHING.name : name, prepared: restored });
    },
  };
}

async function prepare(database: Database, preparation: Preparation): Promise<Prepared | null> {
  try {
    await preparation.prepare(database);
    return preparation === NOTHING ? null : await rememberPrepared(database.db);
  } catch (error) {
    await empty(database);
    idle.push({ database, name: NOTHING.name, prepared: null });
    throw error;
  }
}

function takeIdle(name: string): Idle | undefined {
  const at = idle.findIndex((one) => one.name === name);
  return at < 0 ? undefined : idle.splice(at, 1)[0];
}

async function empty({ db }: Database): Promise<void> {
  await sql`
    do $$ declare name text; begin
      for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
        execute format('drop schema %I cascade', name);
      end loop;
      create schema public;
    end $$`.execute(db);
  await sql`discard all`.execute(db);
}
