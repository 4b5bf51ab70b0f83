// The demo on archives of another server: what it must call well, and what it must not.
//
// What counts as failure: a key called lost or late that could not have come sooner; a run that is called good although
// nothing was imported, or although nothing of it could reach a phone.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { INTERVALS_PER_DAY } from "../../src/core/intervals.ts";
import { PHONE_KINDS } from "../../src/device/kinds.ts";
import type { DemoReport } from "../../src/simulation/demo/demo-types.ts";
import { importFolder } from "../../src/simulation/demo/import-folder.ts";
import type { FleetPlan } from "../../src/simulation/demo/phone-fleet.ts";
import { cutOff, type FolderArchive, keysWith, writeArchiveFolder } from "../support/archive-folder.ts";
import { silentNarrator } from "../support/silent-narrator.ts";

const NOW = Date.parse("2026-11-23T06:00:00Z") / 1_000;
const TODAY = Math.floor(NOW / DAY) * INTERVALS_PER_DAY;
const END = Date.parse("2026-11-23T04:00:00Z") / 1_000;
/** Two of the usual, and one that looks twice a day. */
const FLEET: readonly FleetPlan[] = PHONE_KINDS.filter(({ name }) =>
  ["android-lenient", "android-covidgreen", "ios-version-2"].includes(name),
).map((kind) => ({
  kind: kind.name === "android-covidgreen" ? { ...kind, pollSeconds: 12 * HOUR } : kind,
  follows: "state-client",
}));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "enks-demo-archives-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function live(archives: readonly FolderArchive[], now = NOW): Promise<DemoReport> {
  const folder = await mkdtemp(join(root, "archives-"));
  const trustedKey = await writeArchiveFolder(folder, archives);
  const options = { seed: 1, switchedOff: null, narrator: silentNarrator, fleet: FLEET };
  return importFolder({ ...options, archives: folder, trustedKey, region: "XX", now });
}

const over = (index: number) => ({ rollingStart: TODAY - INTERVALS_PER_DAY * (1 + (index % 10)), rollingPeriod: 144 });
/** As a server wrote them that published keys before their end, and whose days do not begin at midnight. */
const running = (hours: number) => ({ rollingStart: TODAY + 6 * (6 + hours) - 144, rollingPeriod: 144 });
const badVerdicts = (report: DemoReport) => report.verdicts.filter(({ good }) => !good).map(({ name }) => name);

describe("keys that still run when they are imported", () => {
  test("are neither lost nor late, however seldom a phone looks", async () => {
    const primaries = keysWith(60, (index) => (index < 40 ? over(index) : running(13 + (index % 4))));
    const report = await live([{ line: "a.zip", end: END, primaries }]);
    expect(badVerdicts(report)).toEqual([]);
    expect(report.phones.map(({ held, heldGenerated }) => held - heldGenerated)).toEqual([60, 60, 60]);
    expect(report.good).toBe(true);
  }, 600_000);

  test("are waited for where there are no others", async () => {
    const primaries = keysWith(20, (index) => running(22 + (index % 2)));
    const report = await live([{ line: "a.zip", end: END, primaries }], NOW + 1);
    expect(badVerdicts(report)).toEqual([]);
    expect(report.phones.map(({ checksOk, checks }) => checks - checksOk)).toEqual([0, 0, 0]);
  }, 600_000);
});

describe("a run in which nothing could be imported is not good", () => {
  const nothing = ["keys meant for phones"];

  test("because every archive was refused", async () => {
    const report = await live([{ line: "a.zip", end: END, primaries: keysWith(60, over), harm: cutOff }]);
    expect(report.imported).toEqual({ archives: 0, refusedArchives: 1, keys: 0, leftOut: {} });
    expect(badVerdicts(report)).toEqual(nothing);
    expect(report.good).toBe(false);
  }, 600_000);

  test("because every key is too old for the given moment", async () => {
    const report = await live([{ line: "a.zip", end: END, primaries: keysWith(60, over) }], NOW + 30 * DAY);
    expect(report.imported).toEqual({ archives: 1, refusedArchives: 0, keys: 0, leftOut: { too_old: 60 } });
    expect(badVerdicts(report)).toEqual(nothing);
  }, 600_000);

  test("because every key begins after the given moment", async () => {
    const report = await live([{ line: "a.zip", end: END, primaries: keysWith(60, over) }], NOW - 30 * DAY);
    expect(report.imported).toMatchObject({ archives: 1, keys: 0, leftOut: { in_future: 60 } });
    expect(badVerdicts(report)).toEqual(nothing);
  }, 600_000);
});

test("what an import rightly leaves out is not called lost", async () => {
  const primaries = keysWith(60, (index) => ({
    ...over(index),
    ...(index < 5 ? { reportType: ReportType.revoked } : {}),
    ...(index >= 55 ? { rollingStart: TODAY - 20 * INTERVALS_PER_DAY } : {}),
  }));
  const report = await live([{ line: "a.zip", end: END, primaries }]);
  expect(report.imported).toMatchObject({ keys: 50, leftOut: { report_type_not_allowed: 5, too_old: 5 } });
  expect(badVerdicts(report)).toEqual([]);
}, 600_000);
