// The demo's world in a short course: it ends well, it repeats, and it can fail in each of its parts.
//
// What counts as failure: a verdict that is bad where everything is switched on; a verdict that is good, or troubles
// without a name, where a part is switched off; two runs of one seed that differ.

import { beforeAll, describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { PHONE_KINDS } from "../../src/device/kinds.ts";
import type { DemoReport } from "../../src/simulation/demo/demo-types.ts";
import { type Course, migrateState } from "../../src/simulation/demo/migrate-state.ts";
import { WHOLE_FLEET } from "../../src/simulation/demo/phone-fleet.ts";
import type { Switch } from "../../src/simulation/demo/world.ts";
import { silentNarrator } from "../support/silent-narrator.ts";
import { longTest, sampled } from "../support/test-size.ts";

const SHORT_COURSE: Course = {
  importAfterSeconds: 12 * HOUR,
  switchAfterSeconds: DAY + 9 * HOUR,
  lastReportAfterSeconds: 2 * DAY,
  endsAfterSeconds: 3 * DAY + 18 * HOUR,
  peoplePerDay: { XX: 10, YY: 3, ZZ: 3, WW: 3 },
};

/** Long enough for something to go wrong. */
const BROKEN_COURSE: Course = {
  ...SHORT_COURSE,
  importAfterSeconds: 6 * HOUR,
  switchAfterSeconds: 18 * HOUR,
  lastReportAfterSeconds: DAY,
  endsAfterSeconds: 2 * DAY,
};

const FEW = ["android-lenient", "ios-covidgreen"];
const SMALL_FLEET = WHOLE_FLEET.filter(({ kind }) => FEW.includes(kind.name));

async function live(): Promise<DemoReport> {
  return migrateState({ seed: 7, switchedOff: null, narrator: silentNarrator }, SHORT_COURSE);
}

async function liveWithout(switchedOff: Switch): Promise<DemoReport> {
  return migrateState({ seed: 7, switchedOff, narrator: silentNarrator, fleet: SMALL_FLEET }, BROKEN_COURSE);
}

const badVerdicts = (report: DemoReport) => report.verdicts.filter(({ good }) => !good).map(({ name }) => name);
const troublesOf = (report: DemoReport, kind: string) =>
  report.phones.flatMap(({ troubles }) => troubles.filter((trouble) => trouble.startsWith(`${kind} `)));

describe("a whole world", () => {
  let report: DemoReport;
  beforeAll(async () => {
    report = await live();
  });

  test("loses, alters, repeats and refuses nothing", () => {
    expect(badVerdicts(report)).toEqual([]);
    expect(report.good).toBe(true);
    expect(report.phones.flatMap(({ troubles }) => troubles)).toEqual([]);
  });

  test("has phones of every kind that received keys of all regions", () => {
    expect(report.kinds.map(({ kind }) => kind)).toEqual(PHONE_KINDS.map(({ name }) => name));
    expect(report.kinds.reduce((sum, { phones }) => sum + phones, 0)).toBe(report.phones.length);
    for (const phone of report.phones) {
      expect(phone.expected).toBeGreaterThan(100);
      expect(phone.held - phone.heldGenerated + phone.lacking).toBeGreaterThanOrEqual(phone.expected);
      // There may be no index yet at the first checks.
      expect(phone.checksOk).toBeGreaterThanOrEqual(phone.checks - 2);
    }
  });

  test("tells what phones lack by their own fault from what is lost", () => {
    const lacking = report.kinds.filter((kind) => kind.lacking > 0);
    expect(lacking.map(({ kind, lackingBecause }) => ({ kind, lackingBecause }))).toEqual([
      { kind: "android-nl", lackingBecause: ["skipped_history"] },
    ]);
  });

  test("has caches between phones and servers, which answer most requests for archives", () => {
    expect(report.cdn).toMatchObject({ nodes: 3 });
    expect(report.cdn.hits).toBeGreaterThan(300);
    expect(report.cdn.misses).toBeGreaterThan(300);
  });

  test("brings keys home through the mirror that the state never had", () => {
    const mirrored = report.keys.find(({ what }) => what.startsWith("mirrored"));
    expect(mirrored?.keys).toBeGreaterThan(100);
    expect(report.keys.find(({ what }) => what.startsWith("left out"))?.keys).toBeGreaterThan(100);
  });

  test("has every key from an upload that was acknowledged, the first time, with chaff among them", () => {
    const { uploads } = report;
    const entered = report.keys.filter(({ what }) => what.startsWith("entered"));
    expect(entered).toHaveLength(4);
    expect(uploads.keys).toBe(entered.reduce((sum, { keys }) => sum + keys, 0));
    expect(uploads.revisedKeys).toBeGreaterThan(20);
    expect(uploads).toMatchObject({ acknowledged: uploads.requests, repeated: 0, failed: 0, chaffFailed: 0 });
    expect(uploads.chaff).toBeGreaterThan(uploads.requests / 10);
  });

  longTest("repeats from its seed", async () => {
    expect(await live()).toEqual(report);
  });
});

describe("a world without one of its parts", () => {
  const parts: { part: Switch; bad: string; named: string }[] = [
    { part: "import", bad: "keys lost", named: "lost" },
    { part: "export", bad: "keys lost", named: "lost" },
    { part: "filter", bad: "keys delivered twice", named: "repeated" },
    { part: "mirror", bad: "keys lost", named: "lost" },
    { part: "seal", bad: "archives refused by phones", named: "refused" },
  ];
  test.each(sampled(parts, 5))("the $part: the verdict '$bad' is bad and names them", async ({ part, bad, named }) => {
    const report = await liveWithout(part);
    expect(report.good).toBe(false);
    expect(badVerdicts(report)).toContain(bad);
    expect(troublesOf(report, named).length).toBeGreaterThan(0);
  });
});
