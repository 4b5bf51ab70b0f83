// The SQL that changes mirrors.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";
import type { Mirror } from "./mirror-types.ts";
import { readMirror } from "./queries.ts";

/** The mirror as it is and stays until the transaction ends. */
export async function lockMirror(tx: Db, name: string): Promise<Mirror | undefined> {
  await sql`select id from mirror where name = ${name} for update`.execute(tx);
  return readMirror(tx, name);
}

/** Writes what of it may change; the server that it follows is written by itself. */
export async function updateMirror(tx: Db, { id, maxRecords }: Mirror): Promise<void> {
  await sql`update mirror set max_records = ${maxRecords} where id = ${id}::bigint`.execute(tx);
}
