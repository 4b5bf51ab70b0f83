// Embedded databases of this test process: emptied and used again, because starting one takes far longer.

import { sql } from "kysely";
import type { Database } from "../../src/platform/database/database.ts";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";

const idle: Database[] = [];

/** An empty embedded database; closing it makes it available again. */
export async function takeEmbedded(): Promise<Database> {
  const database = idle.pop() ?? (await openEmbeddedDatabase({ folder: null }));
  return {
    ...database,
    async close() {
      await empty(database);
      idle.push(database);
    },
  };
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
