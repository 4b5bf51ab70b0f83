// What a phone holds: transitions, repetitions and order (DB 4.1).

import { describe, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "../core/exposure-key.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { type HoldingOutcome, holdCall, type KnownKeys } from "./hold-keys.ts";
import { listHeldKeys } from "./list-held-keys.ts";
import type { PhoneExport } from "./read-export.ts";

const { confirmed, likely, userReport, revoked } = ReportType;

function keyOf(reportType: ExposureKey["reportType"], more: Partial<ExposureKey> = {}): ExposureKey {
  const keyData = new Uint8Array(16).fill(1);
  return {
    keyData,
    rollingStart: 2_650_000,
    rollingPeriod: 144,
    transmissionRisk: null,
    daysSinceOnset: null,
    reportType,
    ...more,
  };
}

function exportOf(primaries: readonly ExposureKey[], revised: readonly ExposureKey[] = []): PhoneExport {
  const metadata = { start: 0n, end: 1n, region: "", batchNum: 1, batchSize: 1, signatureInfos: [], aborts: false };
  return { ...metadata, primaries: KeyBatch.from(primaries), revised: KeyBatch.from(revised) };
}

/** What a phone holds after these calls, each of the given exports; and what the last call came to. */
function after(...calls: readonly (readonly PhoneExport[])[]): {
  held: (number | null)[];
  last: HoldingOutcome | undefined;
} {
  const known: KnownKeys = {};
  let last: HoldingOutcome | undefined;
  for (const [at, call] of calls.entries()) last = holdCall(known, call, at);
  return { held: [...listHeldKeys(known)].map((key) => key.values.reportType), last };
}

const primary = (reportType: ExposureKey["reportType"]): PhoneExport => exportOf([keyOf(reportType)]);
const revision = (reportType: ExposureKey["reportType"]): PhoneExport => exportOf([], [keyOf(reportType)]);

describe("what is held", () => {
  test("all six values as they were delivered, absent ones absent", () => {
    const full = keyOf(likely, { rollingPeriod: 7, transmissionRisk: 0, daysSinceOnset: -14 });
    const bare = keyOf(null, { keyData: new Uint8Array(16).fill(2) });
    const known: KnownKeys = {};
    expect(holdCall(known, [exportOf([full, bare])], 77)).toEqual({
      added: 2,
      repeatedPrimaries: [],
      skippedRevisions: [],
    });
    const held = [...listHeldKeys(known)];
    expect(held.map((key) => key.firstSeenAt)).toEqual([77, 77]);
    expect(held.map((key) => ({ ...key.values, keyData: key.values.keyData[0] }))).toEqual([
      { ...full, keyData: 1 },
      { ...bare, keyData: 2 },
    ]);
    expect(held.map((key) => key.recordHex)).toEqual(
      [full, bare].map((key) => Buffer.from(KeyBatch.from([key]).bytes).toString("hex")),
    );
  });

  test("what is known survives JSON", () => {
    const known: KnownKeys = {};
    holdCall(known, [primary(userReport)], 5);
    expect(JSON.parse(JSON.stringify(known))).toStrictEqual(known);
  });
});

describe("DB 4.1, transitions of the report type", () => {
  test.each([
    [userReport, confirmed, [confirmed]],
    [userReport, likely, [likely]],
    [userReport, revoked, []],
    [likely, confirmed, [confirmed]],
    [likely, revoked, []],
    [likely, userReport, [likely]],
    [confirmed, likely, [confirmed]],
    [confirmed, userReport, [confirmed]],
    [confirmed, revoked, [confirmed]],
    [null, revoked, [null]],
  ])("from %s by a revision to %s", (from, to, held) => {
    const outcome = after([primary(from)], [revision(to)]);
    const applied = held[0] !== from;
    expect(outcome.held).toEqual(held);
    expect(outcome.last?.skippedRevisions.length).toBe(applied ? 0 : 1);
  });

  test("the revised values are taken with the type", () => {
    const known: KnownKeys = {};
    holdCall(known, [primary(likely)], 1);
    holdCall(known, [exportOf([], [keyOf(confirmed, { daysSinceOnset: 3, transmissionRisk: 6 })])], 2);
    expect([...listHeldKeys(known)]).toMatchObject([
      { firstSeenAt: 1, values: { reportType: confirmed, daysSinceOnset: 3, transmissionRisk: 6 } },
    ]);
  });

  test("at most one transition is applied", () => {
    const { held, last } = after([primary(userReport)], [revision(likely)], [revision(confirmed)]);
    expect(held).toEqual([likely]);
    expect(last?.skippedRevisions).toEqual(["01".repeat(16)]);
  });

  test("a revision that comes again says nothing new", () => {
    expect(after([primary(likely)], [revision(confirmed)], [revision(confirmed)]).last?.skippedRevisions).toEqual([]);
    expect(after([primary(likely)], [revision(revoked)], [revision(revoked)]).last?.skippedRevisions).toEqual([]);
  });

  test.each([
    ["rolling period", { rollingPeriod: 10 }],
    ["rolling start", { rollingStart: 2_650_144 }],
  ])("a revision with another %s is skipped", (_value, other) => {
    expect(after([primary(likely)], [exportOf([], [keyOf(confirmed, other)])]).held).toEqual([likely]);
  });
});

describe("DB 4.1, order and repetition", () => {
  test("a primary delivered again is counted and changes nothing", () => {
    const { held, last } = after([primary(confirmed)], [primary(confirmed)]);
    expect(held).toEqual([confirmed]);
    expect(last).toMatchObject({ added: 0, repeatedPrimaries: [expect.any(String)] });
  });

  test("a primary twice in one call is counted too, and the first one is kept", () => {
    const { held, last } = after([primary(likely), primary(confirmed)]);
    expect(held).toEqual([likely]);
    expect(last).toMatchObject({ added: 1, repeatedPrimaries: [expect.any(String)] });
  });

  test("a repeated primary of a higher type is a transition", () => {
    expect(after([primary(userReport)], [primary(confirmed)]).held).toEqual([confirmed]);
  });

  test("a key and its revision in one call: the original's values stay, whichever stands first", () => {
    const skipped = { added: 1, skippedRevisions: ["01".repeat(16)] };
    for (const call of [
      [primary(userReport), revision(confirmed)],
      [revision(confirmed), primary(userReport)],
      [exportOf([keyOf(userReport)], [keyOf(confirmed)])],
    ]) {
      const { held, last } = after(call);
      expect(held).toEqual([userReport]);
      expect(last).toMatchObject(skipped);
    }
  });

  test("a revision held back in its call is applied when it comes again", () => {
    expect(after([primary(userReport), revision(confirmed)], [revision(confirmed)]).held).toEqual([confirmed]);
  });

  test("revoked before its original stays revoked, and the original is no repetition", () => {
    const { held, last } = after([revision(revoked)], [primary(confirmed)]);
    expect(held).toEqual([]);
    expect(last).toEqual({ added: 0, repeatedPrimaries: [], skippedRevisions: [] });
  });

  test("a revoked key does not come back, neither by an original nor by a revision", () => {
    const { held, last } = after([primary(likely)], [revision(revoked)], [primary(likely), revision(confirmed)]);
    expect(held).toEqual([]);
    expect(last?.repeatedPrimaries).toHaveLength(1);
  });

  test("a revision of an unknown key is held with the revised values; its original comes later and changes nothing", () => {
    const { held, last } = after([revision(confirmed)], [primary(userReport)]);
    expect(held).toEqual([confirmed]);
    expect(last).toEqual({ added: 0, repeatedPrimaries: [], skippedRevisions: [] });
  });
});
