// A process that is frozen in the middle of an upload's transaction, as a virtual machine that is paused: the others go
// on, and so does it when it is continued.

import { sql } from "kysely";
import { describe, expect, inject, test, vi } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { closeWindows } from "../../src/features/exposures/close-windows.ts";
import { readHorizon } from "../../src/features/exposures/horizon-queries.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { systemPace } from "../../src/platform/time/system-clock.ts";
import type { SentRequest } from "../support/certificates.ts";
import { type ChildProgram, startProgram } from "../support/child-program.ts";
import { EVERYWHERE, releasedBetween } from "../support/exposure-world.ts";
import { takePostgres } from "../support/postgres-schemas.ts";
import { keysOf, NOW, publishWorldOn, storedOf, uploadMigrations } from "../support/publish-world.ts";

/** How long the server leaves a frozen upload its locks, and then some for a busy machine. */
const SOON = { timeout: 60_000, interval: 100 };
const END = NOW + HOUR;
const url = inject("postgresUrl");

describe.skipIf(url === null)("beside a frozen process (PostgreSQL)", () => {
  test("uploads are answered, windows are closed, no backend is left, and it harms nothing when it goes on", async () => {
    await using stack = new AsyncDisposableStack();
    const database = await takePostgres(url ?? "");
    stack.defer(() => database.close());
    await migrate(database, uploadMigrations, { now: () => NOW });
    const world = await publishWorldOn(database);
    // So that it has made its token key.
    expect((await world.upload(keysOf(1))).status).toBe(200);

    const held = keysOf(2);
    const frozen = await startFrozen(database, held);
    stack.defer(() => frozen.program.kill());

    // Nobody waits for it: neither for the horizon that it holds, nor for the row of the statistics that it has changed.
    const waits = watchWaits(database, frozen.backend);
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all([world.upload(keysOf(2)), world.upload(keysOf(2))]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    }
    expect(await waits.end()).toEqual([]);

    // Closing waits for it, and for as long uploads go on.
    let isClosed = false;
    const closing = closeWindows(database, END, systemPace).then(() => (isClosed = true));
    while ((await readHorizon(database.db)).closedUntil < END);
    const late = keysOf(2);
    expect((await world.upload(late)).status).toBe(200);
    // Whoever has the very keys comes again, until the server has ended the frozen one.
    const same = { members: { verificationPayload: world.authority.certify(held, NOW) } };
    await vi.waitFor(async () => expect((await world.upload(held, same)).status).toBe(200), SOON);
    await closing;
    expect(isClosed).toBe(true);
    expect(await countBackends(database, frozen.backend)).toBe(0);
    const read = await namesBefore(database, END);

    // It learns that its work was undone, does it again, and finds its keys stored.
    frozen.program.process.kill("SIGCONT");
    frozen.program.process.stdin?.write("go on\n");
    expect((await frozen.program.lines.next()).value).toBe("failed database_unreachable");
    expect((await frozen.program.lines.next()).value).toMatch(/^holds /);
    frozen.program.process.stdin?.write("go on\n");
    expect((await frozen.program.lines.next()).value).toBe("stored");
    expect(await namesBefore(database, END)).toEqual(read);
    expect(await storedOf(database, held)).toHaveLength(2);
    expect((await storedOf(database, late)).every(({ released_at: at }) => at >= END)).toBe(true);
  });
});

async function startFrozen(
  database: Database,
  { keys }: SentRequest,
): Promise<{ readonly program: ChildProgram; readonly backend: number }> {
  const [row] = await database.execute("select current_schema() as schema, id from health_authority", []);
  const { schema, id } = row as { schema: string; id: number };
  const batch = KeyBatch.from(
    keys.map((sent) => ({
      keyData: Uint8Array.fromBase64(sent.key),
      rollingStart: sent.rollingStartNumber,
      rollingPeriod: sent.rollingPeriod,
      transmissionRisk: null,
      reportType: 1,
      daysSinceOnset: null,
    })),
  );
  const args = [url ?? "", schema, String(NOW), batch.bytes.toHex(), String(id)];
  const program = startProgram("frozen-save-program.ts", args);
  const said = (await program.lines.next()).value as string;
  program.process.kill("SIGSTOP");
  return { program, backend: Number(said.replace("holds ", "")) };
}

/** What waits for the backend, looked at all the time. */
function watchWaits(database: Database, backend: number) {
  const over = { isSo: false };
  const watching = (async () => {
    const seen = new Set<string>();
    while (!over.isSo) {
      const { rows } = await sql<{ query: string }>`
        select query from pg_stat_activity where ${backend}::integer = any(pg_blocking_pids(pid))`.execute(database.db);
      for (const { query } of rows) seen.add(query);
    }
    return [...seen];
  })();
  return {
    end() {
      over.isSo = true;
      return watching;
    },
  };
}

async function countBackends(database: Database, pid: number): Promise<number> {
  return (await sql`select from pg_stat_activity where pid = ${pid}`.execute(database.db)).rows.length;
}

async function namesBefore(database: Database, end: number): Promise<string[]> {
  const filter = { ...EVERYWHERE, includeRegions: ["US-WA"] };
  return (await releasedBetween(database, 0, end, filter)).map(({ keyData }) => keyData.toHex()).sort();
}
