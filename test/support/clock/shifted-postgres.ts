// PostgreSQL whose clock can be set wrong for one server: its functions of time are hidden behind others of their names.

import { randomUUID } from "node:crypto";
import type { Database } from "../../../src/platform/database/database.ts";
import { openPostgresDatabase } from "../../../src/platform/database/postgres/open-postgres-database.ts";

export interface ShiftedPostgres extends AsyncDisposable {
  /** What a server connects to; its tables are in a schema of its own. */
  readonly url: string;
  /** Of that schema. */
  readonly database: Database;
  setClock(bySeconds: number): Promise<void>;
}

const FUNCTIONS: readonly (readonly [string, string])[] = [
  ["now", "stable"],
  ["transaction_timestamp", "stable"],
  ["statement_timestamp", "stable"],
  ["clock_timestamp", "volatile"],
];

export async function shiftPostgres(given: string): Promise<ShiftedPostgres> {
  const schema = `shifted_${randomUUID().replaceAll("-", "")}`;
  const setting = `${schema}_clock`;
  const url = new URL(given);
  // Only a path that names the catalogue lets others come before it.
  url.searchParams.set("options", `-c search_path=${schema},pg_catalog`);
  const database = await openPostgresDatabase({ url: url.href });
  await database.execute(
    [
      `create schema ${schema}; create schema ${setting}`,
      `create table ${setting}.shift (by_seconds double precision not null)`,
      `insert into ${setting}.shift values (0)`,
      ...FUNCTIONS.map(
        ([name, volatility]) => `
          create function ${schema}.${name}() returns timestamptz language sql ${volatility} as $$
            select pg_catalog.${name}() + make_interval(secs => (select by_seconds from ${setting}.shift))
          $$`,
      ),
    ].join("; "),
    [],
  );
  return {
    url: url.href,
    database,
    setClock: async (bySeconds) =>
      void (await database.execute(`update ${setting}.shift set by_seconds = ${bySeconds}`, [])),
    async [Symbol.asyncDispose]() {
      for (const name of [schema, `${schema}_jobs`, setting]) {
        await database.execute(`drop schema if exists ${name} cascade`, []);
      }
      await database.close();
    },
  };
}
