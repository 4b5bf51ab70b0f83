// Which databases a server makes its tables in.

import { expect, test } from "vitest";
import { type FoundDatabase, judgeDatabase } from "./require-own-database.ts";

const EMPTY: FoundDatabase = {
  database: "keys",
  user: "enks",
  schema: "public",
  tables: [],
  mayCreateTables: true,
  mayCreateSchemas: true,
  hasJobSchema: false,
};
const REFERENCE = ["authorizedapp", "exportbatch", "exportconfig", "exportfile", "exposure", "schema_migrations"];

test.each<[string, Partial<FoundDatabase>, string | undefined]>([
  ["an empty one", {}, undefined],
  ["one with other tables", { tables: ["letters"] }, undefined],
  ["the reference server's", { tables: REFERENCE }, "database_of_reference_server"],
  ["one whose user finds no schema", { schema: null }, "database_rights_missing"],
  ["one where no tables may be made", { mayCreateTables: false }, "database_rights_missing"],
  ["one where no schema may be made", { mayCreateSchemas: false }, "database_rights_missing"],
  [
    "one whose rights were taken away when everything was made",
    { tables: ["schema_migration"], mayCreateTables: false, mayCreateSchemas: false, hasJobSchema: true },
    undefined,
  ],
])("%s", (_, found, code) => {
  expect(judgeDatabase({ ...EMPTY, ...found })?.code).toBe(code);
});

test("the refusal names the database, and what to run", () => {
  expect(judgeDatabase({ ...EMPTY, tables: REFERENCE })?.message).toContain(
    'database "keys" is the reference server\'s',
  );
  expect(judgeDatabase({ ...EMPTY, mayCreateSchemas: false })?.remedy).toContain(
    "grant create on database keys to enks",
  );
});
