// A database that lives through many things from one state: its rows are copied aside once and put back as often as wanted.

import type { Database } from "../../../src/platform/database/database.ts";

export interface DatabaseTemplate {
  /** Makes every table of the schema what it was. Nobody else may use the database meanwhile. */
  restore(): Promise<void>;
  drop(): Promise<void>;
}

export async function takeTemplate(database: Database): Promise<DatabaseTemplate> {
  const run = (sql: string) => database.execute(sql, []);
  const [own = ""] = namesOf(await run("select current_schema() as name"));
  const copy = `${own}_template`;
  const tables = namesOf(
    await run(`
      select quote_ident(table_name) as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`),
  );
  await run(`drop schema if exists ${copy} cascade; create schema ${copy}`);
  const refill: string[] = [];
  for (const table of tables) {
    await run(`create table ${copy}.${table} as table ${table}`);
    const columns = namesOf(
      await run(`
        select quote_ident(column_name) as name from information_schema.columns
        where table_schema = current_schema() and table_name = '${table.replaceAll('"', "")}'
          and is_generated = 'NEVER' order by ordinal_position`),
    ).join(", ");
    refill.push(`insert into ${table} (${columns}) overriding system value select ${columns} from ${copy}.${table}`);
  }
  // One round trip; ids go on from where they are.
  const again = [
    "begin",
    "set local session_replication_role = replica",
    `truncate ${tables.join(", ")} cascade`,
    ...refill,
    "commit",
  ].join("; ");
  return {
    restore: async () => void (await run(again)),
    drop: async () => void (await run(`drop schema ${copy} cascade`)),
  };
}

function namesOf(rows: readonly unknown[]): string[] {
  return rows.flatMap((row) => (row !== null && typeof row === "object" && "name" in row ? [String(row.name)] : []));
}
