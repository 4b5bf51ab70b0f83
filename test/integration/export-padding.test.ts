// Padding: archives of few keys, and what two exports of one server tell when they are compared.

import { sql } from "kysely";
import { expect, test } from "vitest";
import { HOUR, MINUTE } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { PATIENCE_SECONDS } from "../../src/features/export/wait-for-narrower.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld } from "../support/export-world.ts";
import { namesOf } from "../support/index-follower.ts";
import { type LocationWorldOptions, makeKeys, START, sealFrom } from "../support/location-world.ts";

const { likely, revoked } = ReportType;
/** The run after the hour numbered so has closed. */
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;
const during = (hour: number) => START + hour * HOUR + 100;

describeOnEachDatabase("export: padding", (open) => {
  const make = (options: LocationWorldOptions = {}) => makeExportWorld(open, options);

  test("E17: archives are padded, each that needs it, also one of revised keys only, never beyond the maximum", async () => {
    const world = await make();
    await world.createExport({ maxRecords: 30, minRecords: 20, paddingRange: 10 });
    await world.save({ primaries: makeKeys(0, 32, { reportType: likely }) }, during(0));
    await world.run(after(0));
    await world.save({ revised: makeKeys(0, 2, { reportType: revoked }) }, during(2));
    await world.run(after(2));
    const sizes = world.follower.archives.map(({ primaries, revised }) => primaries.length + revised.length);
    expect(sizes).toHaveLength(3);
    expect(sizes[0]).toBe(30);
    for (const size of sizes) expect([size >= 20, size <= 30]).toEqual([true, true]);
    expect(namesOf(world.follower.archives[2]?.revised ?? KeyBatch.empty).sort()).toEqual(
      namesOf(makeKeys(0, 2)).sort(),
    );
    expect(world.follower.problems).toEqual([]);
    const { primaries, revised, generated } = await world.exporter.totals("main");
    expect({ primaries, revised }).toEqual({ primaries: 32, revised: 2 });
    expect(world.follower.keys.size).toBe(32 + generated);
  });

  test("padding does not show: a second export of the window has the same keys, and needs none of its own", async () => {
    const world = await make();
    await world.feature.create({ name: "second", seal: sealFrom(0) });
    const padding = { minRecords: 100, paddingRange: 20 };
    await world.createExport(padding);
    await world.createExport({ ...padding, name: "second", location: "second" });
    await world.save({ primaries: makeKeys(0, 30) }, during(0));
    for (let hour = 0; hour < 30; hour++) await world.run(after(hour));
    const second = await world.newFollower("second").check();
    expect(second.keys.size).toBeGreaterThanOrEqual(100);
    expect([...second.keys.keys()].sort()).toEqual([...world.follower.keys.keys()].sort());
    expect((await world.exporter.totals("second")).generated).toBe(0);
    // Neither feeds the other: later windows, which nobody entered a key into, have no archive.
    expect([world.follower.archives.length, second.archives.length]).toEqual([1, 1]);
  });

  test("an export of few regions goes first, so that a wide one carries its padding", async () => {
    const world = await make();
    await world.feature.create({ name: "wide", seal: sealFrom(0) });
    const padding = { minRecords: 100, paddingRange: 0 };
    await world.createExport({
      ...padding,
      name: "wide",
      location: "wide",
      filter: { includeRegions: ["XX", "YY"], excludeRegions: [], travelers: "region" },
    });
    await world.createExport(padding);
    await world.save({ primaries: makeKeys(0, 30) }, during(0));
    await world.run(after(0));
    const wide = await world.newFollower("wide").check();
    expect([...wide.keys.keys()].sort()).toEqual([...world.follower.keys.keys()].sort());
  });

  test("a wide export waits for a narrow one that fails, so that it carries its padding, but not for ever", async () => {
    const world = await make();
    await createWider(world, "wide", ["XX", "YY"], 100);
    await world.createExport({ minRecords: 100 });
    const wide = world.newFollower("wide");
    const failing = failingAt("client", "append", world);
    await world.save({ primaries: makeKeys(0, 30) }, during(0));
    await world.run(after(0), failing);
    expect((await wide.check()).keys.size).toBe(0);
    await world.run(after(0) + 5 * MINUTE);
    expect([...(await wide.check()).keys.keys()].sort()).toEqual([...world.follower.keys.keys()].sort());
    expect(wide.keys.size).toBe(100);

    await world.save({ primaries: makeKeys(30, 30) }, during(1));
    await world.run(after(1) + PATIENCE_SECONDS - 1, failing);
    expect((await wide.check()).keys.size).toBe(100);
    await world.run(after(1) + PATIENCE_SECONDS, failing);
    expect((await wide.check()).keys.size).toBe(200);
    await world.run(after(1) + PATIENCE_SECONDS + 1);
    expect(world.follower.keys.size).toBeGreaterThanOrEqual(130);
    expect([...world.follower.problems, ...wide.problems]).toEqual([]);
  });

  test("an export that waits is waited for in turn", async () => {
    const world = await make();
    await createWider(world, "mid", ["XX", "YY"], 600);
    await createWider(world, "wide", ["YY", "ZZ", "WW"], 100);
    await world.createExport({ minRecords: 100 });
    const [mid, wide] = [world.newFollower("mid"), world.newFollower("wide")];
    await world.save({ primaries: makeKeys(0, 30) }, during(0));
    await world.save({ primaries: makeKeys(100, 30), regions: ["YY"] }, during(0));
    await world.run(after(0), failingAt("client", "append", world));
    expect([(await mid.check()).keys.size, (await wide.check()).keys.size]).toEqual([0, 0]);
    const told = world.events.filter(({ event }) => event === "export.waits");
    expect(told).toMatchObject([{ config: "mid" }, { config: "wide" }]);
    await world.run(after(0) + 5 * MINUTE);
    expect((await mid.check()).keys.size).toBe(600);
    expect((await wide.check()).keys.size).toBeGreaterThanOrEqual(100);
    expect([...wide.keys.keys()].filter((key) => !mid.keys.has(key))).toEqual([]);
  });

  test("nobody waits for one that failed after it had exported the window", async () => {
    const world = await make();
    await createWider(world, "wide", ["XX", "YY"], 100);
    await world.createExport({ minRecords: 100 });
    await world.save({ primaries: makeKeys(0, 30) }, during(0));
    await world.run(after(0), failingAt("client", "publish", world));
    expect(world.failures()).toEqual(["unexpected"]);
    expect((await world.newFollower("wide").check()).keys.size).toBe(100);
  });

  test("E2: generated keys are carried by other exports as real ones are, and are marked in the database", async () => {
    const world = await make();
    await world.feature.create({ name: "second", seal: sealFrom(0) });
    await world.createExport({ maxRecords: 2_000, minRecords: 1_000 });
    await world.createExport({ name: "second", location: "second" });
    await world.save({ primaries: makeKeys(0, 7) }, during(0));
    await world.run(after(0));
    await world.run(after(1));
    const second = await world.newFollower("second").check();
    expect([...second.keys.keys()].sort()).toEqual([...world.follower.keys.keys()].sort());
    expect(second.keys.size).toBe(1_000);
    expect(second.problems).toEqual([]);
    const { rows } = await sql`select origin, count(*) from exposure group by origin order by origin`.execute(
      world.database.db,
    );
    expect(rows).toEqual([
      { origin: "generated", count: 993 },
      { origin: "import", count: 7 },
    ]);
  });
});

async function createWider(world: ExportWorld, name: string, includeRegions: readonly string[], minRecords: number) {
  await world.feature.create({ name, seal: sealFrom(0) });
  const filter = { includeRegions, excludeRegions: [], travelers: "region" } as const;
  await world.createExport({ name, location: name, minRecords, filter });
}

/** An exporter of which `location` does not do `what`. */
function failingAt(location: string, what: "append" | "publish", world: ExportWorld) {
  const refuse = (name: string) => {
    if (name === location) throw new Error("its storage is away");
  };
  const { feature } = world;
  return world.anotherExporter({
    locations: {
      ...feature,
      append: (name, ...rest) => {
        if (what === "append") refuse(name);
        return feature.append(name, ...rest);
      },
      publish: (name, ...rest) => {
        if (what === "publish") refuse(name);
        return feature.publish(name, ...rest);
      },
    },
  });
}
