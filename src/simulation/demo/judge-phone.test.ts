// What is held against servers, and what against the phone or nobody.

import { expect, test } from "vitest";
import { HOUR } from "../../core/clock.ts";
import { type ExposureKey, ReportType } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { type CheckResult, UNEVENTFUL } from "../../device/check-result.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { HeldKey } from "../../device/list-held-keys.ts";
import type { ObservedPhone } from "../observe/observed.ts";
import { createKeyLedger } from "../people/key-ledger.ts";
import { judgePhone } from "./judge-phone.ts";

const ENDS_AT = 40 * HOUR;

function keyOf(number: number, values: Partial<ExposureKey> = {}): ExposureKey {
  return {
    keyData: new Uint8Array(16).fill(number),
    rollingStart: 144,
    rollingPeriod: 144,
    transmissionRisk: 4,
    reportType: ReportType.likely,
    daysSinceOnset: 1,
    ...values,
  };
}

const hexOf = (key: ExposureKey) => key.keyData.toHex();

function held(key: ExposureKey, firstSeenAt = 8 * HOUR): HeldKey {
  return { keyHex: hexOf(key), values: key, recordHex: KeyBatch.from([key]).bytes.toHex(), firstSeenAt };
}

const files = (count: number) => Array.from({ length: count }, (_, at) => `${at}.zip`);

interface Seen {
  readonly kind?: string;
  readonly held?: readonly HeldKey[];
  readonly checks?: readonly Partial<CheckResult>[];
  /** When the way from the place of the entered keys was opened. */
  readonly opensAt?: number;
}

/** Key 1 was entered at 2 h, key 2 too and confirmed at 20 h, key 3 too and revoked at 20 h. */
const one = keyOf(1);
const [two, confirmed] = [keyOf(2), keyOf(2, { reportType: ReportType.confirmed })];
const [three, revoked] = [keyOf(3), keyOf(3, { reportType: ReportType.revoked })];
const ALL = [held(one), held(confirmed)];

function judge(seen: Seen) {
  const kind = PHONE_KINDS.find(({ name }) => name === (seen.kind ?? "android-lenient"));
  if (kind === undefined) throw new Error(`there is no ${seen.kind}`);
  const ledger = createKeyLedger();
  ledger.enter([one, two, three], { at: "XX", enteredAt: 2 * HOUR, releasedAt: () => 2 * HOUR });
  ledger.revise([confirmed, revoked], 20 * HOUR);
  const checks = [8, 16, 24, 32].map((hour, at) => ({
    memory: null,
    result: { ...UNEVENTFUL, at: hour * HOUR, result: "ok" as const, reason: null, ...seen.checks?.[at] },
  }));
  const location = { indexUrl: "https://keys.example/index.txt", baseUrl: "https://keys.example" };
  const phone: ObservedPhone = {
    name: "phone",
    kind: kind.name,
    follows: [{ from: 8 * HOUR, ...location, roaming: [] }],
    trustedKeys: [],
    pollSeconds: 8 * HOUR,
    away: [],
    expects: [{ place: "XX", from: seen.opensAt ?? 0 }],
    checks,
    held: seen.held ?? ALL,
    callsPerDay: null,
  };
  return judgePhone(kind, phone, ledger.entered, new Set(), ENDS_AT);
}

test("a phone that holds each key as it was said last is well", () => {
  expect(judge({})).toMatchObject({
    expected: 2,
    held: 2,
    lost: [],
    lacking: [],
    altered: [],
    unexpected: [],
    late: [],
    longestGapSeconds: 8 * HOUR,
    longestWaySeconds: 6 * HOUR,
  });
});

test("a key that is not there is lost, by a phone that takes only the newest files too if it was listed later", () => {
  expect(judge({ held: [held(confirmed)] })).toMatchObject({ lost: [hexOf(one)], lacking: [] });
  expect(judge({ kind: "android-nl", held: [held(confirmed)], opensAt: 8 * HOUR })).toMatchObject({
    lost: [hexOf(one)],
    lacking: [],
  });
});

test("what was listed before such a phone is lacking, and what it lost by itself", () => {
  expect(judge({ kind: "android-nl", held: [held(confirmed)] })).toMatchObject({
    lost: [],
    lacking: [hexOf(one)],
    lackingBecause: ["skipped_history"],
  });
  const failedDownloads = [{ url: "https://keys.example/1-2.zip", status: 500 }];
  const unlucky = { held: [held(confirmed)], checks: [{}, { failedDownloads }], opensAt: 9 * HOUR };
  expect(judge({ kind: "ios-covidgreen", ...unlucky })).toMatchObject({
    lost: [],
    lacking: [hexOf(one)],
    lackingBecause: ["failed_download"],
  });
  expect(judge({ kind: "ios-nl", ...unlucky })).toMatchObject({ lost: [hexOf(one)], lacking: [] });
});

test("a phone that takes the newest files has skipped nothing where it found fewer, or no index at all", () => {
  const missing = { kind: "ios-immuni", held: [held(confirmed)] };
  expect(judge({ ...missing, checks: [{ fetched: files(14) }] })).toMatchObject({ lost: [hexOf(one)], lacking: [] });
  expect(judge({ ...missing, checks: [{ fetched: files(15) }] })).toMatchObject({ lost: [], lacking: [hexOf(one)] });
  const noIndex = { failedDownloads: [{ url: "https://keys.example/index.txt", status: 404 }] };
  const never = [noIndex, noIndex, noIndex, noIndex];
  expect(judge({ kind: "android-nl", held: [held(confirmed)], checks: never }).lost).toEqual([hexOf(one)]);
});

test("values of before a revision are altered, and a revoked key is unexpected", () => {
  expect(judge({ held: [held(one), held(two), held(three)] })).toMatchObject({
    altered: [hexOf(two)],
    unexpected: [hexOf(three)],
    unrevised: 0,
  });
});

test("neither is held against anybody where the phone did not apply the revision that it got", () => {
  const skippedRevisions = [hexOf(two), hexOf(three)];
  expect(judge({ held: [held(one), held(two), held(three)], checks: [{ skippedRevisions }] })).toMatchObject({
    altered: [],
    unexpected: [],
    unrevised: 2,
  });
  const changed = keyOf(2, { transmissionRisk: 7 });
  expect(judge({ held: [held(one), held(changed)], checks: [{ skippedRevisions }] }).altered).toEqual([hexOf(two)]);
});

test("a system without revisions and report types is asked for the rest of the values only", () => {
  const unread = { reportType: null, daysSinceOnset: null };
  const without = (key: ExposureKey) => held({ ...key, ...unread });
  const kind = "ios-13-5";
  expect(judge({ kind, held: [without(one), without(two), without(three)] })).toMatchObject({
    lost: [],
    altered: [],
    unexpected: [],
  });
  expect(judge({ kind, held: [without(one), without(keyOf(2, { rollingPeriod: 9 }))] }).altered).toEqual([hexOf(two)]);
});

test("repetitions count but where the phone fetches twice by design, and so do archives that were dropped silently", () => {
  const repeated = [{ repeatedPrimaries: [hexOf(one)] }];
  expect(judge({ checks: repeated }).repeatedPrimaries).toEqual([hexOf(one)]);
  expect(judge({ kind: "android-cds", checks: repeated }).repeatedPrimaries).toEqual([]);
  const dropped = [{ dropped: [{ name: "1-2.zip", reason: "timing_known" as const }] }];
  expect(judge({ checks: dropped }).refusedArchives).toEqual(["1-2.zip: timing_known"]);
});

test("a key that takes more than a day from its release, or from the opening of its way, is late", () => {
  const slow = [held(one, 27 * HOUR), held(confirmed)];
  expect(judge({ held: slow }).late).toEqual([hexOf(one)]);
  expect(judge({ held: slow, opensAt: 4 * HOUR }).late).toEqual([]);
  // It passed over the archive with the original; a revision brought the key.
  expect(judge({ kind: "android-nl", held: slow })).toMatchObject({ late: [], lacking: [] });
});

test("the time before the first good check and after the last is a gap as well", () => {
  const failed = { result: "failed", reason: "index_unavailable" } as const;
  expect(judge({ checks: [failed, failed] }).longestGapSeconds).toBe(16 * HOUR);
  expect(judge({ checks: [{}, {}, failed, failed] }).longestGapSeconds).toBe(24 * HOUR);
});
