// Backups of a world's database, and going back to one: what an operator does after a disaster.

import type { Sessions } from "../../platform/database/sessions.ts";

export interface DatabaseBackup {
  /** Replaces every row by what stood there when the backup was made. Nobody else may use the database meanwhile. */
  restore(): Promise<void>;
}

/** Names of schemas, behind that of the server's own: several servers may share one PostgreSQL. */
const COPY = "world_backup";
const PRISTINE = "world_pristine";

/** Copies all tables of the current schema aside; a later backup takes the place of this one. */
export async function backUpDatabase(sessions: Sessions): Promise<DatabaseBackup> {
  const session = await sessions.acquire();
  const run = async (sql: string) => (await session.run(sql, [])).rows;
  try {
    const tables = await listTables(run);
    const copy = await emptySchema(run, COPY);
    for (const table of tables) await run(`create table ${copy}.${table} as table ${table}`);
  } finally {
    sessions.release(session, true);
  }
  return { restore: () => restore(sessions) };
}

/** Notes what a database holds that has just got its tables. Answers how to make it so again: a world has a new server. */
export async function notePristine(sessions: Sessions): Promise<() => Promise<void>> {
  const session = await sessions.acquire();
  const run = async (sql: string) => (await session.run(sql, [])).rows;
  const tables = await listTables(run);
  const filled: string[] = [];
  const pristine = await emptySchema(run, PRISTINE);
  for (const table of tables) {
    if ((await run(`select 1 from ${table} limit 1`)).length === 0) continue;
    await run(`create table ${pristine}.${table} as table ${table}`);
    filled.push(table);
  }
  const columns = new Map<string, string>();
  for (const table of filled) columns.set(table, await listColumns(run, table));
  sessions.release(session, true);
  const again = [
    "begin",
    `truncate ${tables.join(", ")} restart identity cascade`,
    ...[...columns].map(([table, names]) => insertFrom(pristine, table, names)),
    "commit",
  ].join("; ");
  return async () => {
    const own = await sessions.acquire();
    await own.run(again, []);
    sessions.release(own, true);
  };
}

type Run = (sql: string) => Promise<readonly unknown[]>;

async function emptySchema(run: Run, name: string): Promise<string> {
  const schema = await besideOwn(run, name);
  await run(`drop schema if exists ${schema} cascade; create schema ${schema}`);
  return schema;
}

/** The schema of that name which belongs to the one in use. */
async function besideOwn(run: Run, name: string): Promise<string> {
  const [own = ""] = namesOf(await run("select current_schema as name"));
  return `${own}_${name}`;
}

async function listTables(run: Run): Promise<string[]> {
  return namesOf(
    await run(`
      select quote_ident(table_name) as name from information_schema.tables
      where table_schema = current_schema and table_type = 'BASE TABLE'`),
  );
}

async function restore(sessions: Sessions): Promise<void> {
  const session = await sessions.acquire();
  const run = async (sql: string) => (await session.run(sql, [])).rows;
  try {
    const tables = await listTables(run);
    await run("begin");
    await run("set local session_replication_role = replica");
    await run(`truncate ${tables.join(", ")} cascade`);
    // Sequences go on from where they are: an id is never used twice.
    const copy = await besideOwn(run, COPY);
    for (const table of tables) await run(insertFrom(copy, table, await listColumns(run, table)));
    await run("commit");
  } finally {
    sessions.release(session, true);
  }
}

async function listColumns(run: Run, table: string): Promise<string> {
  return namesOf(
    await run(`
      select quote_ident(column_name) as name from information_schema.columns
      where table_schema = current_schema and table_name = '${table.replaceAll('"', "")}' and is_generated = 'NEVER'`),
  ).join(", ");
}

function insertFrom(schema: string, table: string, columns: string): string {
  return `insert into ${table} (${columns}) overriding system value select ${columns} from ${schema}.${table}`;
}

function namesOf(rows: readonly unknown[]): string[] {
  return rows.flatMap((row) => (row !== null && typeof row === "object" && "name" in row ? [String(row.name)] : []));
}
