// A process that writes numbered rows to the embedded database in a folder, each in a transaction of its own, and
// prints a number once its row is committed, until it is killed.

import { sql } from "kysely";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";

const database = await openEmbeddedDatabase({ folder: process.argv[2] ?? "" });
await sql`create table if not exists written (number integer primary key, twin integer not null)`.execute(database.db);
for (let number = 1; ; number++) {
  await database.transaction(async (tx) => {
    await sql`insert into written values (${number}, 0)`.execute(tx);
    await sql`update written set twin = number where number = ${number}`.execute(tx);
  });
  process.stdout.write(`${number}\n`);
}
