// A clock that is put right in the middle of a run: what the run had judged by the wrong time is not kept.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { importAheadTables } from "../../src/features/import/ahead-queries.ts";
import { DEFAULT_SETTINGS } from "../../src/features/import/import-types.ts";
import { fenceRuns, runAt } from "../../src/platform/jobs/fence-runs.ts";
import { NEVER } from "../../src/platform/jobs/job-by-subject.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, NOW } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";

const AHEAD = NOW + 2 * DAY;
const keys = sampleKeys(3);
const oldest = Math.min(...[...keys].map(({ rollingStart }) => rollingStart * 600));

describeOnEachDatabase("a clock that goes back in an import run", (open) => {
  let world: ImportWorld;
  afterEach(() => world.close());

  test("refuses no key for its age", async () => {
    // Young enough by the right clock, too old by the wrong one.
    world = await makeImportWorld(open, { settings: { maxAgeSeconds: NOW - oldest + DAY } });
    const feature = world.anotherFeature({ database: fenceRuns(world.database, world.clock) });
    const held = Promise.withResolvers<void>();
    world.serve("a.zip", { body: await world.publish("a.zip", { primaries: keys }), after: held.promise });
    world.list("a.zip");
    world.clock.jump(AHEAD);
    const asked = world.server.nextRequest("/state/a.zip");
    const run = runAt(AHEAD, NEVER, async () => {
      await feature.discoverArchives(world.source, AHEAD);
      await feature.importArchives(world.source, AHEAD);
    });
    await asked;
    world.clock.jump(NOW);
    const request = { now: NOW, isAfterDoubt: true, isProven: true, wrongSince: null, toldUntil: AHEAD };
    await world.database.transaction((tx) => importAheadTables(DEFAULT_SETTINGS).putBack(tx, request));
    held.resolve();
    await expect(run).rejects.toMatchObject({ code: "job_outdated" });
    expect((await world.importedKeys()).size).toBe(0);

    world.clock.advance(HOUR);
    await runAt(world.clock.now(), NEVER, () => world.run());
    expect((await world.status()).keys).toEqual({ outcomes: { inserted: 3 }, refusals: {} });
  });
});
