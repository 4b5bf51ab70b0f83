// Empty PostgreSQL databases for tests: a schema each on one server.

import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../src/platform/database/database.ts";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";

/** A database with a new schema of its own on the server at `url`; closing it drops the schema. */
export async function takePostgres(url: string): Promise<Database> {
  const schema = `test_${randomUUID().replaceAll("-", "")}`;
  const database = await openPostgresDatabase({ url, schema, maxConnections: 4 });
  await sql`create schema ${sql.id(schema)}`.execute(database.db);
  return {
    ...database,
    async close() {
      await sql`drop schema ${sql.id(schema)} cascade`.execute(database.db);
      await sql`drop schema if exists ${sql.id(`${schema}_jobs`)} cascade`.execute(database.db);
      await database.close();
    },
  };
}
