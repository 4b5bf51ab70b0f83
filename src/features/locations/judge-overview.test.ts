// What an operator is told of a location.

import { describe, expect, test } from "vitest";
import { fenceOf, nextIndexDueAt } from "./judge-overview.ts";
import type { LocationOverview } from "./overview-types.ts";

const failure = (code: string) => ({ at: 90, code, message: "why" });
const archive = (appendedAt: number) => ({
  seq: 1,
  line: "1.zip",
  start: 0,
  end: 1,
  region: "XX",
  primaries: 1,
  revised: 0,
  byteCount: 1,
  digest: "",
  supplier: "export:main",
  appendedAt,
  expiresAt: 1_000,
  expiredAt: null,
  unlistedAt: null,
  deletedAt: null,
});
const overview: LocationOverview = {
  id: 1,
  name: "client",
  indexObject: "client/index.txt",
  basePrefix: "client/",
  linePrefix: "",
  retentionSeconds: 1,
  graceSeconds: 1,
  ours: true,
  lastEndAt: 1,
  listedArchives: 1,
  lastArchive: null,
  indexCheckedAt: 100,
  headExpiresAt: null,
  deletionDueAt: null,
  lastFailure: null,
};

describe("the fence", () => {
  test.each([
    ["intact", {}],
    ["intact", { lastFailure: failure("blob_storage_failed") }],
    ["unchecked", { indexCheckedAt: null }],
    ["unchecked", { indexCheckedAt: null, lastFailure: failure("blob_storage_failed") }],
    ["broken", { lastFailure: failure("location_fence_broken") }],
    ["broken", { indexCheckedAt: null, lastFailure: failure("location_fence_broken") }],
    ["not_adopted", { indexCheckedAt: null, lastFailure: failure("location_not_adopted") }],
  ] as const)("is %s with %j", (expected, changes) => {
    expect(fenceOf({ ...overview, ...changes })).toBe(expected);
  });
});

describe("the next index is due", () => {
  test.each([
    ["never while there is nothing", {}, null],
    ["when an archive was appended that is in none yet", { lastArchive: archive(101), headExpiresAt: 500 }, 101],
    ["when an archive was appended and none was ever published", { lastArchive: archive(7), indexCheckedAt: null }, 7],
    ["when the oldest line expires", { lastArchive: archive(100), headExpiresAt: 500 }, 500],
    ["never while the only archive stays", { lastArchive: archive(50) }, null],
  ])("%s", (_, changes, expected) => {
    expect(nextIndexDueAt({ ...overview, ...changes })).toBe(expected);
  });
});
