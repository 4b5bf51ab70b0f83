// Which happenings excuse which kinds of phones.

import { expect, test } from "vitest";
import { type CheckResult, UNEVENTFUL } from "../../device/check-result.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { PhoneKind } from "../../device/phone-kind.ts";
import { causesOfOwnLoss, hasLostByItself } from "./lost-by-itself.ts";
import type { ObservedCheck } from "./observed.ts";

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
  expect(hasLostByItself(kindNamed(kind), { checks })).toBe(causes.length > 0);
});

test("who takes all that is there at first for processed has always lost something", () => {
  expect(hasLostByItself(kindNamed("android-nl"), { checks: [check()] })).toBe(true);
});

test("an index that did not come costs nobody a file", () => {
  const checks = [check({ result: "failed", reason: "index_unavailable", failedDownloads: [FAILED] })];
  for (const kind of PHONE_KINDS) expect(causesOfOwnLoss(kind, { checks }), kind.name).toEqual([]);
});
