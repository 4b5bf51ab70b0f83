// Which happenings excuse which kinds of phones.

import { expect, test } from "vitest";
import { type CheckResult, UNEVENTFUL } from "../../device/check-result.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import { causesOfOwnLoss, hasLostByItself, skippedHistoryAt } from "./lost-by-itself.ts";
import type { ObservedCheck } from "./observed.ts";

const FOLLOWS = [{ from: 0, indexUrl: "https://keys.example/index.txt", baseUrl: "https://keys.example", roaming: [] }];
const FAILED = { url: "https://keys.example/1-2.zip", status: 500 };

function kindNamed(wanted: string): PhoneKind {
  const kind = PHONE_KINDS.find(({ name }) => name === wanted);
  if (kind === undefined) throw new Error(`there is no ${wanted}`);
  return kind;
}

function check(result: Partial<CheckResult> = {}, more: Partial<ObservedCheck> = {}): ObservedCheck {
  return { result: { ...UNEVENTFUL, at: 0, result: "ok", reason: null, ...result }, memory: null, ...more };
}

const files = (count: number) => ({ fetched: Array.from({ length: count }, (_, at) => `${at}.zip`) });

test.each<{ kind: string; after: string; checks: ObservedCheck[]; causes: string[] }>([
  { kind: "android-covidgreen", after: "a good check", checks: [check()], causes: [] },
  {
    kind: "android-covidgreen",
    after: "a file that did not come",
    checks: [check(), check({ failedDownloads: [FAILED] })],
    causes: ["failed_download"],
  },
  {
    kind: "android-lenient",
    after: "a file that did not come",
    checks: [check({ failedDownloads: [FAILED] })],
    causes: [],
  },
  {
    kind: "android-commit-on-download",
    after: "a check that was disturbed",
    checks: [check({}, { disturbed: true })],
    causes: ["refused_file"],
  },
  {
    kind: "android-commit-on-download",
    after: "a call above its quota",
    checks: [check({ result: "failed", reason: "quota_exhausted" })],
    causes: ["quota_exhausted"],
  },
  { kind: "ios-immuni", after: "as many files as it takes", checks: [check(), check(files(14))], causes: [] },
  { kind: "ios-immuni", after: "more", checks: [check(), check(files(15))], causes: ["long_backlog"] },
  { kind: "ios-nl", after: "anything", checks: [check(files(15), { disturbed: true })], causes: [] },
])("$kind after $after: $causes", ({ kind, checks, causes }) => {
  expect(causesOfOwnLoss(kindNamed(kind), { checks })).toEqual(causes);
  expect(hasLostByItself(kindNamed(kind), { checks, follows: FOLLOWS })).toBe(causes.length > 0);
});

test("who takes all that is there at first for processed has always lost something", () => {
  expect(hasLostByItself(kindNamed("android-nl"), { checks: [check()], follows: FOLLOWS })).toBe(true);
});

test("an index that did not come costs nobody a file", () => {
  const checks = [check({ result: "failed", reason: "index_unavailable", failedDownloads: [FAILED] })];
  for (const kind of PHONE_KINDS) expect(causesOfOwnLoss(kind, { checks }), kind.name).toEqual([]);
});

const noIndex = check({ at: 1, result: "failed", reason: "index_unavailable" });
const noIndexButWell = check({ at: 2, failedDownloads: [{ url: "https://keys.example/index.txt", status: 404 }] });
const starting = (at: number, count: number) => check({ at, ...files(count) });

test.each<{ kind: string; what: string; checks: ObservedCheck[]; at: number | null }>([
  { kind: "ios-covidgreen", what: "fewer files than it takes", checks: [starting(3, 5), starting(4, 6)], at: null },
  { kind: "ios-covidgreen", what: "as many", checks: [starting(3, 6)], at: 3 },
  { kind: "ios-covidgreen", what: "no index, then many", checks: [noIndex, noIndexButWell, starting(5, 6)], at: 5 },
  { kind: "ios-covidgreen", what: "no index ever", checks: [noIndex], at: null },
  { kind: "android-lenient", what: "many files", checks: [starting(3, 60)], at: null },
  { kind: "android-nl", what: "anything", checks: [starting(3, 0)], at: 3 },
])("$kind that finds $what at first has skipped history: $at", ({ kind, checks, at }) => {
  const phone = { checks, follows: FOLLOWS };
  expect(skippedHistoryAt(kindNamed(kind), phone)).toBe(at);
  if (at !== null) expect(hasLostByItself(kindNamed(kind), phone)).toBe(true);
});
