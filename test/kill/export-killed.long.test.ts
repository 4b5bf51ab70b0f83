// Processes that really die in the middle of an export whose windows are split into several archives.

import { expect, test } from "vitest";
import { HOUR, MINUTE } from "../../src/core/clock.ts";
import { createExport, saveKeys } from "../support/export-setup.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKilledServer } from "../support/killed-server.ts";
import { makeKeys, START } from "../support/location-world.ts";

const NOW = START + 10 * HOUR;
const JOBS = ["export"];

test("an export whose processes are killed again and again loses nothing and publishes nothing twice", async () => {
  await using killed = await makeKilledServer(START);
  const { follower } = killed;
  await killed.use(START, async (server) => {
    await createExport(server, START, 100);
    await saveKeys(server, START + MINUTE, makeKeys(0, 450));
    await saveKeys(server, START + 5 * HOUR, makeKeys(450, 150));
  });

  // The second archive of the first window is written and not committed.
  await killed.killAt(NOW, JOBS, "after client/1", 2);
  expect((await follower.check()).lines).toEqual([]);
  // The name that it has used up is tried once; then come the other four archives of the first window, and the first of
  // the second is about to be written.
  const second = await killed.killAt(NOW + MINUTE, JOBS, "before client/1", 6);
  expect(second.filter((line) => line.startsWith("after client/1"))).toHaveLength(4);
  expect((await follower.check()).lines).toEqual([]);
  // Everything is committed, and the index about to be written.
  const third = await killed.killAt(NOW + 2 * MINUTE, JOBS, "before client/index.txt");
  expect(third.filter((line) => line.startsWith("after client/1"))).toHaveLength(2);
  expect((await follower.check()).lines).toEqual([]);

  const last = await killed.finish(NOW + 3 * MINUTE, [...JOBS, "publish-index"]);
  expect(last).toEqual(["before client/index.txt", "after client/index.txt", "ended"]);
  await follower.check();
  expect(follower.problems).toEqual([]);
  expect(follower.archives.map(({ primaries }) => primaries.length)).toEqual([100, 100, 100, 100, 50, 100, 50]);
  const published = follower.archives.flatMap(({ primaries }) => namesOf(primaries));
  expect(published.sort()).toEqual(namesOf(makeKeys(0, 600)).sort());
});
