// Each fault does to storage, database and requests what its name says, and a process that has died does nothing more.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMemoryBlobs } from "../../platform/blobs/memory-blobs.ts";
import { databaseOverSessions } from "../../platform/database/database-over-sessions.ts";
import { WorkerSessions } from "../../platform/database/embedded/worker-sessions.ts";
import type { FetchResult } from "../../platform/http/fetcher.ts";
import { backUpDatabase, notePristine } from "./database-backup.ts";
import type { EffectFaultKind, Operation } from "./fault.ts";
import { faultyBlobs } from "./faulty-blobs.ts";
import { faultyFetcher } from "./faulty-requests.ts";
import { faultySessions } from "./faulty-sessions.ts";
import { createProcessLife } from "./process-life.ts";

const OPTIONS = { contentType: "application/zip", cacheControl: "no-cache" };

/** Strikes once. */
function once(fault: EffectFaultKind) {
  const met: Operation[] = [];
  let left: EffectFaultKind | null = fault;
  const meet = (operation: Operation) => {
    met.push(operation);
    const now = left;
    left = null;
    return now;
  };
  return { meet, met };
}

describe("storage", () => {
  test.each<[EffectFaultKind, boolean, boolean]>([
    ["dies-before", false, true],
    ["power-lost", false, true],
    ["dies-after", true, true],
    ["storage-fails", false, false],
    ["storage-full", false, false],
    ["storage-answer-lost", true, false],
  ])("%s: written %s, the process ends %s", async (fault, isWritten, ends) => {
    const inner = createMemoryBlobs();
    const life = createProcessLife();
    const { meet, met } = once(fault);
    const blobs = faultyBlobs(inner, meet, life);
    await expect(blobs.put("t/a.zip", new Uint8Array([1]), OPTIONS)).rejects.toThrow(/died|failed/);
    expect(met).toEqual(["put-archive"]);
    expect((await inner.get("t/a.zip")) !== null).toBe(isWritten);
    expect(life.isOver).toBe(ends);
    const again = blobs.put("t/index.txt", new Uint8Array([2]), OPTIONS);
    if (ends) await expect(again).rejects.toThrow("died");
    else await again;
    expect((await inner.get("t/index.txt")) !== null).toBe(!ends);
  });
});

describe("the database", () => {
  let inner: WorkerSessions;
  beforeAll(async () => {
    inner = await WorkerSessions.start({ dataFolder: null });
    await run("create table kept (id bigint generated always as identity primary key, word text not null)");
  });
  afterAll(() => inner.close());

  async function run(sql: string): Promise<readonly unknown[]> {
    const session = await inner.acquire();
    const { rows } = await session.run(sql, []).finally(() => inner.release());
    return rows;
  }

  test.each<[EffectFaultKind, boolean, boolean]>([
    ["dies-before", false, true],
    ["power-lost", false, true],
    ["dies-after", true, true],
    ["connection-breaks-before", false, false],
    ["connection-breaks-after", true, false],
  ])("%s at a commit: kept %s, the process ends %s", async (fault, isKept, ends) => {
    await run("delete from kept");
    const life = createProcessLife();
    const { meet, met } = once(fault);
    const database = databaseOverSessions("embedded", faultySessions(inner, meet, life));
    const work = database.execute("insert into kept (word) values ('alone')", []);
    await expect(work).rejects.toThrow(/died|broke/);
    expect(met).toEqual(["write"]);
    expect(await run("select word from kept")).toHaveLength(isKept ? 1 : 0);
    expect(life.isOver).toBe(ends);
    const next = database.transaction(async () => "fine");
    if (ends) await expect(next).rejects.toThrow("died");
    else expect(await next).toBe("fine");
    // Whatever was open is rolled back, so that nobody waits.
    expect(await run("select 1")).toHaveLength(1);
  });

  test("goes back to its backup, with new ids behind all that were used, and to its beginning", async () => {
    await run("delete from kept");
    const reset = await notePristine(inner);
    await run("insert into kept (word) values ('before')");
    const backup = await backUpDatabase(inner);
    await run("insert into kept (word) values ('after')");
    const [last] = await run("select max(id) as id from kept");
    await backup.restore();
    expect(await run("select word from kept")).toEqual([{ word: "before" }]);
    await run("insert into kept (word) values ('again')");
    const [next] = await run("select max(id) as id from kept");
    expect(Number(Object.values(next ?? {})[0])).toBeGreaterThan(Number(Object.values(last ?? {})[0]));
    await reset();
    expect(await run("select word from kept")).toEqual([]);
  });
});

describe("requests of a server", () => {
  const answer: FetchResult = {
    outcome: "ok",
    bytes: new TextEncoder().encode("a.zip"),
    contentType: "text/plain",
    etag: '"1"',
    lastModified: null,
  };
  const request = {
    url: "https://x.example/index.txt",
    maxBytes: 1,
    timeoutMilliseconds: 1,
    allowPrivateAddresses: true,
  };

  test.each<[EffectFaultKind, string]>([
    ["request-fails", "fetch_failed"],
    ["request-hangs", "fetch_timeout"],
    ["cut-short", "fetch_cut_short"],
  ])("%s: %s", async (fault, code) => {
    const fetcher = faultyFetcher(async () => answer, once(fault).meet, createProcessLife());
    await expect(fetcher(request)).rejects.toMatchObject({ code });
  });

  test("an HTML page, an empty index and an old one come with status 200", async () => {
    const faults: (EffectFaultKind | null)[] = [null, "html-page", "empty-index", "old-index"];
    let asked = 0;
    const inner = async () => ({ ...answer, bytes: new TextEncoder().encode(`${++asked}`) });
    const fetcher = faultyFetcher(inner, () => faults.shift() ?? null, createProcessLife());
    const bodies: string[] = [];
    for (let times = 0; times < 5; times++) {
      const result = await fetcher(request);
      bodies.push(result.outcome === "ok" ? new TextDecoder().decode(result.bytes) : result.outcome);
    }
    expect(bodies.map((body) => body.slice(0, 9))).toEqual(["1", "<!DOCTYPE", "", "1", "2"]);
  });
});
