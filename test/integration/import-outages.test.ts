// Outages that last: whatever a server answers meanwhile, they cost their own length and no archive.

import { afterEach, expect, test } from "vitest";
import { MINUTE } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";
import type { ServedObject } from "../support/source-server.ts";
import { sampled } from "../support/test-size.ts";

const OUTAGE_MINUTES = 45;
const PAGE: ServedObject = { body: "<!doctype html><title>Maintenance</title>", contentType: "text/html" };

describeOnEachDatabase("import: outages", (open) => {
  let world: ImportWorld;
  afterEach(() => world.close());

  /** Five archives are listed; the first is imported, then the server answers for all of them, and its index, so. */
  async function liveThrough(answer: ServedObject, isIndexToo: boolean): Promise<void> {
    world = await makeImportWorld(open);
    const lines = ["a.zip", "b.zip", "c.zip", "d.zip", "e.zip"];
    const served = new Map<string, Uint8Array>();
    const all = sampleKeys(3 * lines.length);
    for (const [at, line] of lines.entries()) {
      const primaries = KeyBatch.from([0, 1, 2].map((one) => all.at(3 * at + one)));
      served.set(line, await world.publish(line, { primaries }));
    }
    world.list("a.zip");
    await world.run();
    world.list(...lines);
    for (const line of lines) world.serve(line, answer);
    await world.feature.discoverArchives(world.source, world.clock.now());
    if (isIndexToo) world.server.put("/state/index.txt", answer);
    await everyMinute(OUTAGE_MINUTES);
    for (const [line, bytes] of served) world.serve(line, bytes);
    world.list(...lines);
  }

  async function everyMinute(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      await world.run();
      world.clock.advance(MINUTE);
    }
  }

  const answers: [string, ServedObject, boolean][] = [
    ["a page for everything", PAGE, true],
    ["a page for archives alone", PAGE, false],
    ["nothing at all for archives", { body: "" }, false],
    ["text for archives", { body: "Service Unavailable" }, false],
    ["404 for archives", { status: 404 }, false],
    ["403 for archives", { status: 403 }, false],
    ["503 for everything", { status: 503 }, true],
  ];

  test.each(sampled(answers, 3))("%s costs no more than as long again", async (_, answer, isIndexToo) => {
    await liveThrough(answer, isIndexToo);
    expect((await world.status()).quarantined).toEqual([]);
    await everyMinute(OUTAGE_MINUTES);
    expect((await world.status()).archives).toMatchObject({ complete: 5, retry: 0 });
    expect((await world.importedKeys()).size).toBe(15);
  });

  test("an archive that is bad by itself does not wait for ever beside good ones", async () => {
    world = await makeImportWorld(open);
    await world.publish("good.zip", { primaries: sampleKeys(3) });
    world.serve("bad.zip", PAGE);
    world.list("good.zip", "bad.zip");
    await everyMinute(20);
    expect((await world.status()).quarantined).toMatchObject([
      { line: "bad.zip", reason: "archive_html", attempts: 3 },
    ]);
  });

  test("an archive that is gone is given up in the end, also where the one that was good before is gone too", async () => {
    world = await makeImportWorld(open);
    await world.publish("good.zip", { primaries: sampleKeys(3) });
    world.list("good.zip");
    await world.run();
    world.serve("good.zip", { status: 404 });
    world.list("good.zip", "gone.zip");
    await world.run();
    await world.runHours(40);
    expect((await world.status()).quarantined).toEqual([]);
    await world.runHours(20);
    expect((await world.status()).quarantined).toMatchObject([{ line: "gone.zip", reason: "archive_missing" }]);
  });
});
