// When a job has ended, nothing of it still runs: whoever looks then, or stops the server, meets all of its work.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { Job } from "../../src/platform/jobs/job.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, makeExportWorld } from "../support/export-world.ts";
import { makeImportWorld, NOW } from "../support/import-world.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { makeMirrorWorld } from "../support/mirror-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";
import { watchDatabase } from "../support/watched-database.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close();
});

async function requireQuiet(inner: Database, jobsOn: (database: Database) => readonly Job[], now: number) {
  const watched = watchDatabase(inner);
  for (const job of jobsOn(watched.database)) {
    await job.run(now);
    expect([job.name, watched.running()]).toEqual([job.name, 0]);
  }
}

describeOnEachDatabase("a job that has ended leaves nothing that runs", (open) => {
  test("import, with an archive that is good, one that is damaged and one that is missing", async () => {
    const world = await makeImportWorld(open);
    opened.push(world);
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    world.serve("b.zip", Uint8Array.of(1, 2, 3));
    world.list("a.zip", "b.zip", "c.zip");
    const jobsOn = (database: Database) => world.anotherFeature({ database }).jobs;
    for (let day = 0; day < 3; day++) {
      world.clock.set(NOW + day * DAY);
      await requireQuiet(world.database, jobsOn, world.clock.now());
    }
    expect((await world.status()).archives).toMatchObject({ complete: 1 });
  });

  test("import from a source that goes away, which gives back what it has leased", async () => {
    const world = await makeImportWorld(open);
    opened.push(world);
    const lines = Array.from({ length: 40 }, (_, at) => `${at}.zip`);
    for (const line of lines.slice(0, 10)) await world.publish(line, { primaries: sampleKeys(1) });
    for (const line of lines.slice(10)) world.serve(line, { status: 503 });
    world.list(...lines);
    await requireQuiet(world.database, (database) => world.anotherFeature({ database }).jobs, NOW);
    expect((await world.status()).archives.open).toBeGreaterThan(0);
  });

  test("a mirror that goes well, forgets what is old, and fails", async () => {
    const world = await makeMirrorWorld(open);
    opened.push(world);
    const jobsOn = (database: Database) => world.anotherMirror({ database }).jobs;
    for (const [line, at] of [
      ["a.zip", START],
      ["b.zip", START + HOUR],
      ["c.zip", START + 70 * DAY],
    ] as const) {
      await world.publish(line, { primaries: makeKeys(at % 1_000, 3) });
      world.list(line);
      await requireQuiet(world.database, jobsOn, at);
    }
    world.list("gone.zip", "c.zip");
    await requireQuiet(world.database, jobsOn, START + 71 * DAY);
    expect(await world.lastError()).not.toBeNull();
  });

  test("exports and locations, one of which fails", async () => {
    const world = await makeExportWorld(open);
    await world.createExport({ minRecords: 20 });
    await world.createExport({ name: "lost", location: "nowhere" });
    await world.save({ primaries: makeKeys(0, 5) }, START);
    const exportsOn = (database: Database) => world.anotherExporter({ database }).jobs;
    const locationsOn = (database: Database) => world.anotherFeature({ database }).jobs;
    for (const now of [START + HOUR + AGE, START + 100 * DAY]) {
      await requireQuiet(world.database, exportsOn, now);
      await requireQuiet(world.database, locationsOn, now);
    }
    expect(world.failures()).toContain("location_unknown");
  });
});
