// Limits that PostgreSQL keeps by itself: also behind a pooler, whatever the client does.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import type { Database } from "../database.ts";
import { openPostgresDatabase } from "./open-postgres-database.ts";
import { isOutsideTransactions, limitsText } from "./server-limits.ts";

test("the server calls a statement off before its client gives up, and optional limits are set where they are known", () => {
  const limits = { withinMilliseconds: 10_000, lockMilliseconds: 2_000, idleMilliseconds: 5_000 };
  const needed =
    "set local statement_timeout = 9000; set local lock_timeout = 2000; " +
    "set local idle_in_transaction_session_timeout = 5000";
  expect(limitsText(limits, new Set())).toBe(needed);
  expect(limitsText({ ...limits, schema: "state" }, new Set(["tcp_user_timeout"]))).toBe(
    `${needed}; set local tcp_user_timeout = 30000; set local search_path = state`,
  );
});

test.each([
  ["vacuum (analyze)", true],
  [" create index CONCURRENTLY if not exists a on b (c)", true],
  ["REINDEX INDEX CONCURRENTLY a", true],
  ["create index a on b (c)", false],
  ["select 'vacuum concurrently'", false],
])("%s: runs outside of transactions: %s", (statement, expected) => {
  expect(isOutsideTransactions(statement)).toBe(expected);
});

const url = inject("postgresUrl");

describe.skipIf(url === null)("on a server", () => {
  const schema = `limits_${randomUUID().replaceAll("-", "")}`;
  let database: Database;
  beforeEach(async () => {
    database = await openPostgresDatabase({ url: url ?? "", schema, statementTimeoutSeconds: 100 });
    await sql`create schema ${sql.id(schema)}`.execute(database.db);
    await sql`create table held (id integer primary key, note text)`.execute(database.db);
    await sql`insert into held values (${1}, ${"first"})`.execute(database.db);
  });
  afterEach(async () => {
    await sql`drop schema ${sql.id(schema)} cascade`.execute(database.db);
    await database.close();
  });

  const settings = sql<{ of: string }>`
    select concat_ws(' ', current_setting('statement_timeout'), current_setting('lock_timeout'),
      current_setting('idle_in_transaction_session_timeout'), current_schema()) as of`;

  test("they hold in a transaction and for a statement alone, with parameters and without", async () => {
    const usual = [{ of: `90s 45s 30s ${schema}` }];
    expect((await settings.execute(database.db)).rows).toEqual(usual);
    expect((await sql`${settings} where 1 = ${1}::integer`.execute(database.db)).rows).toEqual(usual);
    expect(await database.execute(settings.compile(database.db).sql, [])).toEqual(usual);
    const limits = { withinMilliseconds: 5_000, lockMilliseconds: 2_000, idleMilliseconds: 5_000 };
    const own = [{ of: `4500ms 2s 5s ${schema}` }];
    expect(await database.transaction(async (tx) => (await settings.execute(tx)).rows, limits)).toEqual(own);
    const later = await database.transaction(async (tx) => {
      await sql`select ${1}::integer`.execute(tx);
      return (await settings.execute(tx)).rows;
    }, limits);
    expect(later).toEqual(own);
    expect(await database.execute(`vacuum ${schema}.held`, [])).toEqual([]);
  });

  test("a statement alone that fails changes nothing, and its connection goes on", async () => {
    await expect(sql`insert into held values (${1}, ${"again"})`.execute(database.db)).rejects.toMatchObject({
      code: "23505",
    });
    await sql`update held set note = ${"second"}`.execute(database.db);
    expect((await sql`select note from held`.execute(database.db)).rows).toEqual([{ note: "second" }]);
  });

  test("waiting for a lock ends with a code, and leaves nothing behind that waits", async () => {
    await database.transaction(async (tx) => {
      await sql`update held set note = 'held'`.execute(tx);
      const other = await openPostgresDatabase({ url: url ?? "", schema });
      const waiting = other.transaction((own) => sql`update held set note = ${"late"}`.execute(own), {
        lockMilliseconds: 50,
      });
      await expect(waiting).rejects.toMatchObject({ code: "database_busy" });
      await other.close();
      expect(await countWaiting(tx)).toBe(0);
    });
  });

  test("a transaction that rests for too long is ended by the server, and its locks are free", async () => {
    const rested = database.transaction(
      async (tx) => {
        await sql`update held set note = 'frozen'`.execute(tx);
        // It does nothing until another one has what it held.
        const other = await openPostgresDatabase({ url: url ?? "", schema });
        await sql`update held set note = ${"free"}`.execute(other.db);
        await other.close();
        await sql`update held set note = 'thawed'`.execute(tx);
      },
      { idleMilliseconds: 100 },
    );
    await expect(rested).rejects.toMatchObject({ code: "database_unreachable" });
    expect((await sql`select note from held`.execute(database.db)).rows).toEqual([{ note: "free" }]);
  });

  test("a statement that takes too long is called off by the server, so that no backend goes on with it", async () => {
    const slow = database.execute(`select pg_sleep(60) as ${schema}`, [], { withinMilliseconds: 500 });
    await expect(slow).rejects.toMatchObject({ code: expect.stringMatching(/^database_(busy|unreachable)$/) });
    await vi.waitFor(
      async () => {
        const { rows } = await sql`
          select from pg_stat_activity
          where query like ${`%pg_sleep(60) as ${schema}%`} and state = 'active' and pid <> pg_backend_pid()
        `.execute(database.db);
        expect(rows).toHaveLength(0);
      },
      { timeout: 10_000, interval: 50 },
    );
  });

  test("nothing relies on options at the start of a connection, which a pooler may refuse", async () => {
    const given = new URL(url ?? "");
    const names: string[] = [];
    const listener = createServer((near) => {
      const far = connect(Number(given.port || 5_432), given.hostname);
      near.once("data", (first: Buffer) => names.push(...namesIn(first)));
      near.pipe(far).on("error", () => near.destroy());
      far.pipe(near).on("error", () => far.destroy());
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    const by = new URL(given);
    by.port = String(typeof address === "object" && address !== null ? address.port : 0);
    const other = await openPostgresDatabase({ url: by.href, schema, statementTimeoutSeconds: 10 });
    expect((await settings.execute(other.db)).rows).toEqual([{ of: `9s 45s 30s ${schema}` }]);
    await other.close();
    listener.close();
    expect(new Set(names)).toEqual(new Set(["user", "database", "application_name", "client_encoding"]));
  });
});

async function countWaiting(db: Database["db"]): Promise<number> {
  const { rows } = await sql`
    select from pg_stat_activity where wait_event_type = 'Lock' and query like '%update held%'`.execute(db);
  return rows.length;
}

/** The parameters of a start-up message (length, version, then names and values, each with a zero byte behind). */
function namesIn(message: Uint8Array): string[] {
  const texts = Buffer.from(message).subarray(8, -2).toString("latin1").split("\0");
  return texts.filter((_, at) => at % 2 === 0);
}
