// Starts that fail or are told to stop half-way: the process ends within its bound, says why, and the next one starts.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { PATIENCE } from "../support/patience.ts";
import { makePostgresWorld, type PostgresWorld } from "../support/postgres-world.ts";
import { initFolder, runCommand, type ServeProcess, type Variables } from "../support/serve-process.ts";
import { sampled } from "../support/test-size.ts";

const given = inject("postgresUrl");

/** That the process ended with 1 for this reason, and has said that it ended. */
async function expectFailure(server: ServeProcess, reason: RegExp): Promise<void> {
  expect(await server.ended()).toEqual({ code: 1, errors: expect.stringMatching(reason) });
  expect(server.lines.at(-1)).toMatchObject({ event: "server.stopped", exitCode: 1 });
}

describe.skipIf(given === null)("on PostgreSQL", () => {
  let world: PostgresWorld;
  beforeEach(async () => {
    world = await makePostgresWorld(given ?? "");
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const init = () => initFolder(join(world.base, "data"), [], world.variables());

  async function expectToServe(more: Variables = {}): Promise<void> {
    const server = world.serve("data", more);
    await server.started();
    server.signal("SIGTERM");
    expect(await server.ended()).toEqual({ code: 0, errors: "" });
  }

  test("the reference server's database is refused by name, by init and by serve, and stays as it is", async () => {
    await init();
    const other = `${world.schema}_reference`;
    const tables = ["exportconfig", "exportbatch", "exportfile", "exposure", "mirror"];
    await world.sql(`create schema ${other}; ${tables.map((name) => `create table ${other}.${name} ();`).join("")}`);
    try {
      const variables = world.variables({ ENKS_DATABASE_SCHEMA: other });
      const folder = join(world.base, "new");
      expect(await runCommand(["init", folder], variables)).toEqual({
        code: 1,
        output: "",
        errors: expect.stringMatching(/^error database_of_reference_server: .*reference server's.*\n.*DB_NAME/),
      });
      expect(existsSync(folder)).toBe(false);
      const server = world.serve("data", { ENKS_DATABASE_SCHEMA: other });
      await expectFailure(server, /^error database_of_reference_server: /);
      const left = await world.sql(`select tablename from pg_tables where schemaname = '${other}'`);
      expect(left).toHaveLength(tables.length);
    } finally {
      await world.sql(`drop schema ${other} cascade`);
    }
  });

  test("a user without the rights is told what to grant, before anything is made", async () => {
    const user = `${world.schema}_user`;
    await world.sql(`create schema ${world.schema}; create role ${user} login password 'secret'`);
    await world.sql(`grant usage on schema ${world.schema} to ${user}`);
    try {
      const url = new URL(world.way.url);
      url.username = user;
      url.password = "secret";
      const folder = join(world.base, "new");
      const { code, errors } = await runCommand(["init", folder], world.variables({ DATABASE_URL: url.href }));
      expect([code, errors]).toEqual([
        1,
        expect.stringMatching(/^error database_rights_missing: .*\n.*grant usage, create on schema/),
      ]);
      expect(existsSync(folder)).toBe(false);
    } finally {
      await world.sql(`drop owned by ${user}; drop role ${user}`);
    }
  });

  test("migrations that fail half-way end the start, and the next one goes on behind those that were applied", async () => {
    await init();
    await world.sql(`drop schema ${world.schema} cascade; create schema ${world.schema}`);
    await world.sql(`create table ${world.schema}.mirror ()`);
    await expectFailure(world.serve("data"), /^error database_tables_taken: mirror\/0001/);
    await world.sql(`drop table ${world.schema}.mirror`);
    await expectToServe();
  });

  test("a job queue that fails half-way ends the start, and everything that was opened before it", async () => {
    await init();
    await expectToServe();
    const jobs = `${world.schema}_jobs`;
    await world.sql(`alter table ${jobs}.queue rename to queue_gone`);
    await expectFailure(world.serve("data"), /^error unexpected: .*queue/);
    await world.sql(`alter table ${jobs}.queue_gone rename to queue`);
    await expectToServe();
  });

  test("a database that takes the connection and says nothing is given up", async () => {
    await init();
    world.way.stall();
    await expectFailure(world.serve("data", { DB_CONNECT_TIMEOUT: "1" }), /^error database_unreachable: /);
  });

  test("a start that waits for a lock ends at its bound, and so does a stop in it, naming what did not close", async () => {
    await init();
    await world.sql("begin");
    await world.sql(`lock table ${world.schema}.schema_migration in access exclusive mode`);
    const waiting = async () => {
      const held = `'${world.schema}.schema_migration'::regclass`;
      const rows = await world.sql(`select pid::text as pid from pg_locks where relation = ${held} and not granted`);
      return new Set(rows.map((row) => JSON.stringify(row)));
    };
    const bounds = { ENKS_START_WITHIN: "8s", ENKS_STOP_WITHIN: "1s", LOG_LEVEL: "info" };
    await expectFailure(
      world.serve("data", bounds),
      /^error server_start_overdue: .*tables[^]*error server_stop_overdue: .*tables, .*database/,
    );

    // The connections of the one that ended may wait on.
    const before = await waiting();
    const told = world.serve("data", { ...bounds, ENKS_START_WITHIN: "600s" });
    await vi.waitFor(async () => expect((await waiting()).difference(before).size).toBe(1), PATIENCE);
    told.signal("SIGTERM");
    await expectFailure(told, /^error server_stop_overdue: .*tables, .*database/);
  });

  test.each(sampled(["jobs", "database", "tables", "public listener"], 4))(
    "told to stop while it opens the %s it ends in peace",
    async (part) => {
      await init();
      const server = world.serve("data", { LOG_LEVEL: "info" });
      await server.next("server.opening", { part });
      server.signal("SIGTERM");
      expect(await server.ended()).toEqual({ code: 0, errors: "" });
      expect(server.lines.at(-1)).toMatchObject({ event: "server.stopped", exitCode: 0 });
    },
  );
});
