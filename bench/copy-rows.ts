// The limit of every import: a bare binary COPY of the same rows, by one client, into a table with the same indexes.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { runPsql } from "./bench-postgres.ts";
import type { BenchServer } from "./bench-server.ts";
import { timeOf } from "./measure.ts";

/** Milliseconds for all rows of `exposure` into an empty table. */
export async function timeCopy(url: string, server: BenchServer): Promise<number> {
  await sql`create table bare (like exposure including all)`.execute(server.database.db);
  try {
    return await timeCopyInto(url, server, "bare", "true");
  } finally {
    await sql`drop table bare`.execute(server.database.db);
  }
}

/** Milliseconds for the rows of `exposure` that `which` chooses, in the order in which they stand there, which suits indexes. */
export async function timeCopyInto(url: string, server: BenchServer, table: string, which: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-copy-"));
  const file = join(folder, "rows");
  try {
    runPsql(url, server.schema, `\\copy (select * from exposure where ${which}) to '${file}' (format binary)`);
    await server.checkpoint();
    return await timeOf(() => runPsql(url, server.schema, `\\copy ${table} from '${file}' (format binary)`));
  } finally {
    await rm(folder, { recursive: true });
  }
}
