// What a change of a source's settings lets go of.

import { expect, test } from "vitest";
import type { ImportSource } from "../import-types.ts";
import { type ChangeEffects, judgeChange } from "./judge-change.ts";

const before: ImportSource = {
  id: 1,
  supplier: { id: 1, name: "state", formerIds: [] },
  upstreamId: 1,
  finalLookAt: null,
  endedAt: null,
  givenUp: null,
  name: "state",
  listingFormat: "text-index",
  indexUrl: "https://state.example/index.txt",
  baseUrl: "https://state.example",
  region: "XX",
  traveler: false,
  headerRegions: ["XX", "YY"],
  otherEntries: ["readme.txt"],
  batchParts: false,
  onsetCodes: false,
  allowPrivateAddresses: false,
  from: 0,
  until: null,
};

const nothing: ChangeEffects = { isIndexMoved: false, areArchivesMoved: false, mended: [] };

test.each<[string, Partial<ImportSource>, Partial<ChangeEffects>]>([
  ["nothing", {}, {}],
  ["times and travelers", { from: 5, until: 9, traveler: true }, {}],
  ["fewer header regions and entries", { headerRegions: ["YY"], otherEntries: [] }, {}],
  ["another index", { indexUrl: "https://b.example/index.txt" }, { isIndexMoved: true }],
  ["another base", { baseUrl: "https://b.example" }, { areArchivesMoved: true, mended: "all" }],
  ["another token in the base", { baseUrl: "https://state.example?t=2" }, { areArchivesMoved: true, mended: "all" }],
  ["another header region", { headerRegions: ["XX", "ZZ"] }, { mended: ["archive_region_not_allowed"] }],
  ["another entry", { otherEntries: ["a.txt"] }, { mended: ["archive_entry_unexpected"] }],
  ["parts of batches", { batchParts: true }, { mended: ["archive_batch_incomplete"] }],
  ["private addresses", { allowPrivateAddresses: true }, { mended: ["fetch_private_address"] }],
])("%s", (_, change, effects) => {
  expect(judgeChange(before, { ...before, ...change })).toEqual({ ...nothing, ...effects });
});
