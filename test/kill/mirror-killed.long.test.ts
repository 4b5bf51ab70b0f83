// Processes that really die in the middle of a mirror run.

import { afterEach, beforeEach, expect, test } from "vitest";
import { HOUR, MINUTE } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKilledServer } from "../support/killed-server.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { mirrorSettings, trustIn } from "../support/mirror-world.ts";
import { buildSample, makeSigner } from "../support/sample-archives.ts";
import { type SourceServer, startSourceServer } from "../support/source-server.ts";

const JOBS = ["mirror", "publish-index"];
const nation = makeSigner("310", "v1");

let server: SourceServer;
beforeEach(async () => {
  server = await startSourceServer();
});
afterEach(() => server.close());

/** Serves and lists `count` archives of two keys each, of which neighbours share one. */
async function publishLines(count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, at) => `${at}.zip`);
  for (const [at, line] of lines.entries()) {
    const end = START - (count - at) * HOUR;
    const content = { primaries: makeKeys(at, 2), revised: KeyBatch.empty, start: end - HOUR, end };
    server.put(`/national/${line}`, { body: await buildSample([nation], content) });
  }
  server.put("/national/index.txt", { body: lines.join("\n") });
}

test("a mirror whose processes are killed again and again loses nothing and publishes nothing twice", async () => {
  await using killed = await makeKilledServer(START);
  const { follower } = killed;
  await killed.use(START, ({ mirrors }) =>
    mirrors.create({ ...mirrorSettings(server), maxRecords: 4 }, [trustIn(nation)]),
  );
  await publishLines(6);

  // The second archive of the history is written and not committed.
  await killed.killAt(START, JOBS, "after client/", 2);
  expect((await follower.check()).lines).toEqual([]);
  // The history is committed, and the index about to be written.
  const second = await killed.killAt(START + MINUTE, JOBS, "before client/index.txt");
  expect(second.filter((line) => line.startsWith("after "))).toHaveLength(2);
  expect((await follower.check()).lines).toEqual([]);

  // The first archive of the next run is committed, the second is written and not, the third is being fetched.
  await publishLines(9);
  const never = Promise.withResolvers<void>();
  const body = server.get("/national/8.zip");
  server.put("/national/8.zip", { ...body, after: never.promise });
  const asked = server.nextRequest("/national/8.zip");
  const third = await killed.killAt(START + 2 * MINUTE, JOBS, "after client/", 2);
  await asked;
  expect(third.filter((line) => line.startsWith("after "))).toHaveLength(2);
  expect((await follower.check()).lines).toEqual([]);
  never.resolve();

  server.put("/national/8.zip", body);
  const last = await killed.finish(START + 3 * MINUTE, JOBS);
  expect(last.filter((line) => line.startsWith("after "))).toEqual([
    expect.stringMatching(/^after client\/\d+-\d+-00001\.zip$/),
    expect.stringMatching(/^after client\/\d+-\d+-00001\.zip$/),
    "after client/index.txt",
  ]);
  await follower.check();
  expect(follower.problems).toEqual([]);
  const published = follower.archives.flatMap(({ primaries }) => namesOf(primaries));
  expect(published).toHaveLength(10);
  expect(published.sort()).toEqual(namesOf(makeKeys(0, 10)).sort());
  await killed.use(START + HOUR, async ({ mirrors }) => {
    expect(await mirrors.totals("national")).toMatchObject({ primaries: 10, leftOut: 8, skipped: 0 });
    expect((await mirrors.list())[0]).toMatchObject({ nextPosition: 10, lastError: null });
  });
});
