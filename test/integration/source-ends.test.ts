// A source ends when everything that it listed by its end is settled, and not at an instant.

import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY, isoTime, MINUTE } from "../../src/core/clock.ts";
import { upstreamAheadTables } from "../../src/features/upstreams/ahead-queries.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { NOW } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";
import { SOURCE_PATH, type SourceApi, startSourceApi } from "../support/source-api.ts";

const UNTIL = NOW + 10 * MINUTE;

describeOnEachDatabase("the end of a source", (open) => {
  let api: SourceApi;
  beforeEach(async () => {
    api = await startSourceApi(open);
    await publish("a.zip", 0);
    await at(NOW);
    await api.change({ until: isoTime(UNTIL) });
  });
  afterEach(() => api.close());

  async function publish(line: string, first: number): Promise<void> {
    const all = sampleKeys(first + 2);
    await api.world.publish(line, { primaries: all.slice(first, first + 2) });
    api.world.list(...(first === 0 ? [line] : ["a.zip", line]));
  }

  async function at(instant: number): Promise<void> {
    api.world.clock.jump(instant);
    await api.runJobs();
  }

  const keyCount = async () => (await api.world.importedKeys()).size;
  const giveUp = (reason: string) => api.admin.administrator.post(`${SOURCE_PATH}/give-ups`, { reason });

  test("takes what was listed between the last look and the end", async () => {
    await publish("b.zip", 2);
    await at(UNTIL + 5 * MINUTE);
    await at(UNTIL + 6 * MINUTE);
    expect(await api.show()).toMatchObject({ life: "ended", givenUp: null, files: { complete: 2, waiting: 0 } });
    expect(await keyCount()).toBe(4);
  });

  test("waits for a good look while the server is unwell, and for the archives that it listed", async () => {
    await publish("b.zip", 2);
    const index = api.world.server.get("/state/index.txt");
    api.world.server.put("/state/index.txt", { status: 503 });
    await at(UNTIL + 5 * MINUTE);
    expect(await api.show()).toMatchObject({ life: "ending", endedAt: null });
    if (index) api.world.server.put("/state/index.txt", index);
    const archive = api.world.server.get("/state/b.zip");
    api.world.serve("b.zip", { status: 451 });
    await at(UNTIL + DAY);
    await at(UNTIL + 100 * DAY);
    expect(await api.show()).toMatchObject({ life: "ending", files: { waiting: 1 } });
    if (archive) api.world.serve("b.zip", archive);
    await at(UNTIL + 101 * DAY);
    expect(await api.show()).toMatchObject({ life: "ended", endedAt: isoTime(UNTIL + 101 * DAY) });
    expect(await keyCount()).toBe(4);
  });

  test("skips what never comes, and is then over and can be removed; its keys stay", async () => {
    const skip = (line: string) => api.admin.operator.post(`${SOURCE_PATH}/skips`, { line, reason: "court order" });
    const unskip = () => api.admin.operator.post(`${SOURCE_PATH}/unskips`, { line: "b.zip" });
    const remove = () => api.admin.administrator.delete(SOURCE_PATH);
    await publish("b.zip", 2);
    const archive = api.world.server.get("/state/b.zip");
    api.world.serve("b.zip", { status: 451 });
    await at(UNTIL);
    await at(UNTIL + 100 * DAY);
    expect(await skip("b.zp")).toMatchObject({
      status: 404,
      body: { code: "upstream_line_unknown", remedy: expect.stringContaining('"b.zip"') },
    });
    expect(await skip("a.zip")).toMatchObject({ status: 409, body: { code: "upstream_line_taken" } });
    expect(await remove()).toMatchObject({ status: 409, body: { code: "upstream_not_ended" } });
    expect(await skip("/b.zip")).toMatchObject({ status: 201, body: { line: "b.zip", reason: "court order" } });
    expect(await api.lastAudit()).toMatchObject({ operation: "skipSourceLine", after: { files: { skipped: 1 } } });
    expect(await skip("b.zip")).toMatchObject({ status: 409, body: { code: "upstream_line_skipped" } });
    // A retry does not open it.
    expect(await api.retry({})).toBe(0);
    expect(await unskip()).toMatchObject({ status: 200 });
    expect(await api.show()).toMatchObject({ life: "ending", files: { waiting: 1, skipped: 0 } });
    if (archive) api.world.serve("b.zip", archive);
    await skip("b.zip");
    await at(UNTIL + 101 * DAY);
    expect(await api.show()).toMatchObject({ life: "ended", givenUp: null, files: { waiting: 0, skipped: 1 } });
    expect(await unskip()).toMatchObject({ status: 409, body: { code: "upstream_ended" } });
    expect(await remove()).toMatchObject({ status: 200 });
    expect(await keyCount()).toBe(2);
    expect((await api.admin.auditor.get(SOURCE_PATH)).status).toBe(404);
  });

  test("takes nothing that is listed once the last look was good", async () => {
    await at(UNTIL);
    expect(await api.show()).toMatchObject({ life: "ended" });
    await publish("b.zip", 2);
    await at(UNTIL + DAY);
    expect(await keyCount()).toBe(2);
  });

  test("can be given up with something left, by name and with a reason, but not before it is ending", async () => {
    expect(await giveUp("too early")).toMatchObject({ status: 409, body: { code: "upstream_not_ending" } });
    await publish("b.zip", 2);
    api.world.serve("b.zip", { status: 451 });
    await at(UNTIL);
    expect(await giveUp(" ")).toMatchObject({ status: 400 });
    expect(await giveUp("court order")).toMatchObject({ status: 201, body: { life: "ended", givenUp: "court order" } });
    expect(await api.lastAudit()).toMatchObject({ operation: "giveUpSource", after: { givenUp: "court order" } });
    expect(await giveUp("again")).toMatchObject({ status: 409 });
    await publish("b.zip", 2);
    await at(UNTIL + DAY);
    expect(await keyCount()).toBe(2);
  });

  test("is taken back: it is followed on", async () => {
    await at(UNTIL);
    await api.change({ until: null });
    expect(await api.show()).toMatchObject({ life: "following", endedAt: null });
    await publish("b.zip", 2);
    await at(UNTIL + DAY);
    expect(await keyCount()).toBe(4);
  });

  test("is taken back where a clock that was ahead has brought it", async () => {
    await at(UNTIL);
    expect(await api.show()).toMatchObject({ life: "ended" });
    await publish("b.zip", 2);
    const now = NOW - DAY;
    const request = { now, isAfterDoubt: true, isProven: true, wrongSince: null, toldUntil: UNTIL };
    await api.world.database.transaction((tx) => upstreamAheadTables.putBack(tx, request));
    await at(UNTIL);
    expect(await api.show()).toMatchObject({ life: "ended", files: { complete: 2 } });
    expect(await keyCount()).toBe(4);
  });
});
