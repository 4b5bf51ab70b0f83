// No dead line, no slow source and no late key keeps other archives from being imported.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { DEFAULT_SETTINGS } from "../../src/features/import/import-types.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, quarantineReasons, type WorldOptions } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";

const keys = (count: number): { primaries: KeyBatch } => ({ primaries: sampleKeys(count) });

describeOnEachDatabase("import: fairness", (open) => {
  let world: ImportWorld;
  const make = async (options: WorldOptions = {}) => {
    world = await makeImportWorld(open, options);
    return world;
  };
  afterEach(() => world.close());

  test.each([{ status: 403 }, { status: 500 }])(
    "forty dead lines that answer $status do not keep a good archive",
    async (dead) => {
      await make();
      const lines = Array.from({ length: 40 }, (_, index) => `dead-${index}.zip`);
      for (const line of lines) world.serve(line, dead);
      world.list(...lines);
      for (let quarter = 0; quarter < 24; quarter++) {
        await world.run();
        world.clock.advance(15 * MINUTE);
      }
      await world.publish("good.zip", keys(3));
      world.list(...lines, "good.zip");
      await world.run();
      expect((await world.importedKeys()).size).toBe(3);
    },
  );

  test("a line that stays forbidden is quarantined with that reason, and found when it is opened", async () => {
    await make();
    world.serve("a.zip", { status: 403 });
    world.list("a.zip");
    await world.run();
    await world.runHours(10);
    expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_forbidden" });
    await world.publish("a.zip", keys(3));
    world.clock.advance(DAY);
    await world.run();
    expect((await world.importedKeys()).size).toBe(3);
  });

  test("waiting archives come before the recheck, which ends at the first that gets no answer", async () => {
    await make();
    const old = Array.from({ length: 5 }, (_, index) => `old-${index}.zip`);
    for (const [index, line] of old.entries())
      await world.publish(line, { primaries: sampleKeys(20).slice(index, index + 1) });
    world.list(...old);
    await world.run();
    for (const line of old) world.serve(line, { body: "0123456789", cutAfter: 5 });
    await world.publish("new.zip", { primaries: sampleKeys(20).slice(10, 13) });
    world.list(...old, "new.zip");
    world.clock.advance(2 * DAY);
    const before = world.server.requests.length;
    await world.run();
    const asked = world.server.requests.slice(before).filter((path) => path.endsWith(".zip"));
    expect(asked).toEqual(["/state/new.zip", "/state/old-0.zip"]);
    expect((await world.importedKeys()).size).toBe(8);
    await world.run();
    expect(world.server.requests.at(-1)).toBe("/state/old-1.zip");
  });

  test("an archive that failed through a long outage has its turn before dead lines that were listed later", async () => {
    await make();
    world.serve("good.zip", { status: 503 });
    world.list("good.zip");
    for (let hour = 0; hour < 20; hour++) {
      await world.run();
      world.clock.advance(HOUR);
    }
    const dead = Array.from({ length: 6 }, (_, index) => `dead-${index}.zip`);
    for (const line of dead) world.serve(line, { status: 500 });
    world.list("good.zip", ...dead);
    for (let run = 0; run < 2; run++) await world.run();
    await world.publish("good.zip", keys(3));
    world.clock.advance(HOUR);
    await world.run();
    expect((await world.importedKeys()).size).toBe(3);
  });

  test("answers that say nothing about other archives end no run", async () => {
    await make();
    const dead = Array.from({ length: 5 }, (_, index) => `dead-${index}.zip`);
    for (const line of dead) world.serve(line, { status: 400 });
    await world.publish("good.zip", keys(3));
    world.list(...dead, "good.zip");
    await world.run();
    expect((await world.importedKeys()).size).toBe(3);
  });

  test("a source that forbids its index too loses no archive, however long it does", async () => {
    await make();
    world.serve("a.zip", { status: 403 });
    world.list("a.zip");
    await world.feature.discoverArchives(world.source, world.clock.now());
    world.server.put("/state/index.txt", { status: 403 });
    for (let hour = 0; hour < 10; hour++) {
      await world.run();
      world.clock.advance(HOUR);
    }
    const { waiting } = await world.status();
    expect(waiting).toMatchObject([{ line: "a.zip", reason: "archive_forbidden", attempts: 10 }]);
  });

  test("a run that has taken its time begins no further archive, and the next goes on with it", async () => {
    await make();
    const held = Promise.withResolvers<void>();
    const body = await world.publish("a.zip", keys(3));
    world.serve("a.zip", { body, after: held.promise });
    await world.publish("b.zip", keys(5));
    world.list("a.zip", "b.zip");
    const asked = world.server.nextRequest("/state/a.zip");
    const slow = world.run();
    await asked;
    world.clock.advance(DEFAULT_SETTINGS.runSeconds);
    held.resolve();
    await slow;
    expect((await world.status()).archives).toMatchObject({ complete: 1, open: 1 });
    await world.run();
    expect((await world.status()).archives).toMatchObject({ complete: 2, open: 0 });
  });

  test("an archive is judged by the keys that are trusted once it has come", async () => {
    await make({ trust: false });
    const held = Promise.withResolvers<void>();
    const body = await world.publish("a.zip", keys(3));
    world.serve("a.zip", { body, after: held.promise });
    world.list("a.zip");
    const asked = world.server.nextRequest("/state/a.zip");
    const run = world.run();
    await asked;
    const { keyId, keyVersion } = world.signer.trustedKey;
    await world.feature.addTrustedKey("state", { keyId, keyVersion, publicKeyPem: world.signer.pem });
    held.resolve();
    await run;
    expect((await world.importedKeys()).size).toBe(3);
  });

  test("a key that was added by a clock that is behind opens what was quarantined for want of it", async () => {
    await make({ trust: false });
    await world.publish("a.zip", keys(3));
    world.list("a.zip");
    await world.run();
    for (let minute = 0; minute < 3; minute++) {
      world.clock.advance(2 * MINUTE);
      await world.run();
    }
    expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_untrusted" });
    // Added on a machine whose clock is a minute behind the one that quarantined.
    world.clock.jump(world.clock.now() - MINUTE);
    await world.feature.addTrustedKey("state", {
      keyId: world.signer.trustedKey.keyId,
      keyVersion: world.signer.trustedKey.keyVersion,
      publicKeyPem: world.signer.pem,
    });
    world.clock.advance(HOUR);
    await world.run();
    expect((await world.importedKeys()).size).toBe(3);
  });

  test("an index of more lines than may wait is taken up part by part, in its order, and nothing is lost", async () => {
    await make({ settings: { maxUnfinished: 4 } });
    const lines = Array.from({ length: 10 }, (_, index) => `${index}.zip`);
    for (const [index, line] of lines.entries())
      await world.publish(line, { primaries: sampleKeys(20).slice(index, index + 1) });
    world.list(...lines);
    const first = await world.feature.discoverArchives(world.source, world.clock.now());
    expect(first).toEqual({ outcome: "suspicious", code: "index_too_many_new", added: 4 });
    expect((await world.status()).waiting.map(({ line }) => line)).toEqual(lines.slice(0, 4));
    for (let run = 0; run < 3; run++) await world.run();
    expect((await world.status()).archives).toMatchObject({ complete: 10, open: 0 });
    expect((await world.importedKeys()).size).toBe(10);
  });

  test("settled archives that are listed no more are forgotten in time, and others are not", async () => {
    await make();
    await world.publish("a.zip", keys(3));
    await world.publish("b.zip", { primaries: sampleKeys(20).slice(5, 7) });
    world.list("a.zip", "b.zip");
    await world.run();
    world.list("b.zip");
    await world.run();
    const cleanUp = world.feature.jobs.find(({ name }) => name === "clean-up-imports");
    await cleanUp?.run(world.clock.now() + 59 * DAY);
    expect((await world.status()).archives.complete).toBe(2);
    await cleanUp?.run(world.clock.now() + 61 * DAY);
    expect((await world.status()).archives.complete).toBe(1);
  });
});
