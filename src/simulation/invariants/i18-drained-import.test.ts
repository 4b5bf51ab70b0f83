// Nothing is left behind by a content switch (DB I18).

import { expect, test } from "vitest";
import { drainedImport } from "./i18-drained-import.ts";
import {
  archiveOf,
  hour,
  indexAt,
  keyHexOf,
  lineOf,
  linesUpTo,
  makeKey,
  makeObserved,
  makeTree,
  recordOf,
} from "./testing/make-observed.ts";

const SWITCHED_AT = hour(11);
const WITH_KEY = { content: { primaries: [recordOf("anna")] } };

function judge({ keepsLines, nationHasIt }: { readonly keepsLines: boolean; readonly nationHasIt: boolean }) {
  const replaced = [indexAt(hour(6), linesUpTo(0)), indexAt(hour(12), [lineOf(1)])];
  const kept = [indexAt(hour(6), linesUpTo(0)), indexAt(hour(12), linesUpTo(1))];
  const client = makeTree({
    archives: [archiveOf(0, WITH_KEY), archiveOf(1)],
    indexes: keepsLines ? kept : replaced,
    mirrors: ["national"],
  });
  const national = makeTree({
    name: "national",
    role: "national",
    carries: [],
    archives: [nationHasIt ? archiveOf(0, WITH_KEY) : archiveOf(0)],
    indexes: [indexAt(hour(10), linesUpTo(0))],
  });
  const events = [{ at: SWITCHED_AT, kind: "content-switched" as const, tree: "client", source: "national" }];
  return drainedImport.check(makeObserved({ trees: [client, national], keys: [makeKey("anna")], events }));
}

test("a key that the source has, and one whose line stays, are good", () => {
  expect(judge({ keepsLines: false, nationHasIt: true })).toBeNull();
  expect(judge({ keepsLines: true, nationHasIt: false })).toBeNull();
});

test("a key that the source does not have is found when its line goes", () => {
  expect(judge({ keepsLines: false, nationHasIt: false })).toMatchObject({
    at: hour(12),
    where: "client",
    witness: keyHexOf("anna"),
  });
});
