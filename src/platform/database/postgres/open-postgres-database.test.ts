// PostgreSQL that cannot be reached is an error with a code, at the start and later.

import { createServer } from "node:net";
import { sql } from "kysely";
import { describe, expect, inject, test } from "vitest";
import { openPostgresDatabase } from "./open-postgres-database.ts";

const url = inject("postgresUrl");
const unreachable = { code: "database_unreachable" };

test("an address where nobody listens is refused with a code", async () => {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
  const opening = openPostgresDatabase({ url: `postgres://nobody:secret@127.0.0.1:${port}/none` });
  await expect(opening).rejects.toMatchObject(unreachable);
  await expect(opening).rejects.not.toThrow("secret");
});

test("a schema whose name could be anything else is refused", async () => {
  await expect(openPostgresDatabase({ url: "postgres://127.0.0.1", schema: "a -c x" })).rejects.toThrow(RangeError);
});

describe.skipIf(url === null)("a server", () => {
  test("that refuses the password is unreachable", async () => {
    const wrong = new URL(url ?? "");
    wrong.password = "wrong";
    await expect(openPostgresDatabase({ url: wrong.href })).rejects.toMatchObject(unreachable);
  });

  test("that ends the connection makes the running work fail with a code, and the next work gets a new one", async () => {
    const database = await openPostgresDatabase({ url: url ?? "", maxConnections: 1 });
    const ending = database.transaction((tx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx));
    await expect(ending).rejects.toMatchObject(unreachable);
    expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
    await database.close();
  });
});
