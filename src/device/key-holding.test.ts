// The profiles of keeping keys that differ from Android's table in window mode (DB 4.1, 4.2).

import { describe, expect, test } from "vitest";
import { DAY } from "../core/clock.ts";
import { type ExposureKey, ReportType } from "../core/exposure-key.ts";
import { KeyBatch } from "../core/key-batch.ts";
import type { HoldingOutcome, KnownKeys } from "./hold-keys.ts";
import { androidTokenTable, androidWindowTable, iosCache, iosGroups, type KeyHolding } from "./key-holding.ts";
import { listHeldKeys } from "./list-held-keys.ts";
import type { PhoneExport } from "./read-export.ts";

const { confirmed, likely, revoked } = ReportType;

/** Keys differ in their number. */
function keyOf(number: number, more: Partial<ExposureKey> = {}): ExposureKey {
  const keyData = new Uint8Array(16);
  new DataView(keyData.buffer).setUint32(12, number);
  const window = { rollingStart: 2_650_000, rollingPeriod: 144 };
  return { keyData, ...window, transmissionRisk: 3, daysSinceOnset: 2, reportType: confirmed, ...more };
}

function exportOf(primaries: readonly ExposureKey[], revised: readonly ExposureKey[] = []): PhoneExport {
  const metadata = { start: 0n, end: 1n, region: "", batchNum: 1, batchSize: 1, signatureInfos: [], aborts: false };
  return { ...metadata, primaries: KeyBatch.from(primaries), revised: KeyBatch.from(revised) };
}

function hold(holding: KeyHolding, known: KnownKeys, at: number, ...exports: PhoneExport[]): HoldingOutcome {
  return holding.hold(known, exports, at);
}

function valuesHeld(known: KnownKeys): ExposureKey[] {
  return [...listHeldKeys(known)].map(({ values }) => ({ ...values, keyData: new Uint8Array(values.keyData) }));
}

describe("DB 4.2, iOS before 13.7", () => {
  const many = Array.from({ length: 300 }, (_, number) => keyOf(number));

  test.each<[string, PhoneExport[][], repeated: number]>([
    ["the same key in two files of a call", [[exportOf([keyOf(1)]), exportOf([keyOf(1)])]], 1],
    ["the same key in two calls", [[exportOf([keyOf(1)])], [exportOf([keyOf(1)])]], 1],
    ["twice within a group of 256", [[exportOf([...many.slice(0, 255), keyOf(0)])]], 0],
    ["twice in a file, in two groups", [[exportOf([...many.slice(0, 256), keyOf(0)])]], 1],
    ["three files", [[exportOf([keyOf(1)]), exportOf([keyOf(1)]), exportOf([keyOf(1)])]], 2],
  ])("%s is counted again so many times: %#", (_situation, calls, repeated) => {
    const known: KnownKeys = {};
    const outcomes = calls.map((call) => hold(iosGroups, known, 1, ...call));
    expect(outcomes.flatMap(({ repeatedPrimaries }) => repeatedPrimaries)).toHaveLength(repeated);
    expect(outcomes.reduce((sum, { added }) => sum + added, 0)).toBe(valuesHeld(known).length);
  });

  test("within a group the later one wins, and so does a later file", () => {
    const known: KnownKeys = {};
    hold(iosGroups, known, 1, exportOf([keyOf(1, { transmissionRisk: 1 }), keyOf(1, { transmissionRisk: 2 })]));
    expect(valuesHeld(known)).toMatchObject([{ transmissionRisk: 2 }]);
    hold(iosGroups, known, 2, exportOf([keyOf(1, { transmissionRisk: 5 })]));
    expect([...listHeldKeys(known)]).toMatchObject([{ firstSeenAt: 1, values: { transmissionRisk: 5 } }]);
  });

  test("revised keys, report type and days since onset are not read", () => {
    const known: KnownKeys = {};
    const outcome = hold(iosGroups, known, 1, exportOf([keyOf(1)], [keyOf(1, { reportType: revoked }), keyOf(2)]));
    expect(outcome).toEqual({ added: 1, repeatedPrimaries: [], skippedRevisions: [] });
    expect(valuesHeld(known)).toEqual([keyOf(1, { reportType: null, daysSinceOnset: null })]);
  });
});

describe("DB 4.2, the cache of iOS from 13.7 on", () => {
  test.each([
    [14 * DAY - 1, 1],
    [14 * DAY, 0],
  ])("a key that comes again %i seconds later is repeated %i times", (later, repeated) => {
    const known: KnownKeys = {};
    hold(iosCache, known, 1, exportOf([keyOf(1)]));
    const outcome = hold(iosCache, known, 1 + later, exportOf([keyOf(1)]));
    expect(outcome.added).toBe(0);
    expect(outcome.repeatedPrimaries).toHaveLength(repeated);
    expect([...listHeldKeys(known)]).toMatchObject([{ firstSeenAt: 1 }]);
  });

  test("it counts from the submission that it did not know", () => {
    const known: KnownKeys = {};
    for (const at of [0, 14 * DAY]) hold(iosCache, known, at, exportOf([keyOf(1)]));
    expect(hold(iosCache, known, 27 * DAY, exportOf([keyOf(1)])).repeatedPrimaries).toHaveLength(1);
  });

  test("a forgotten revocation does not keep the key away, which then is held anew", () => {
    const known: KnownKeys = {};
    hold(iosCache, known, 0, exportOf([], [keyOf(1, { reportType: revoked })]));
    expect(hold(iosCache, known, 14 * DAY, exportOf([keyOf(1)])).added).toBe(1);
    expect(valuesHeld(known)).toHaveLength(1);
  });

  test("revisions are applied as on Android", () => {
    const known: KnownKeys = {};
    hold(iosCache, known, 1, exportOf([keyOf(1, { reportType: likely })]));
    hold(iosCache, known, 2, exportOf([], [keyOf(1)]));
    expect(valuesHeld(known)).toMatchObject([{ reportType: confirmed }]);
  });
});

describe("DB 4.1, revoked seen before the original", () => {
  const early = exportOf([], [keyOf(1, { reportType: revoked })]);

  test("window mode: it stays revoked", () => {
    const known: KnownKeys = {};
    expect(hold(androidWindowTable, known, 1, early).skippedRevisions).toEqual([]);
    hold(androidWindowTable, known, 2, exportOf([keyOf(1)]));
    expect(valuesHeld(known)).toEqual([]);
  });

  test("legacy token mode: the revocation is passed over, and the original matches", () => {
    const known: KnownKeys = {};
    expect(hold(androidTokenTable, known, 1, early)).toMatchObject({
      added: 0,
      skippedRevisions: [expect.any(String)],
    });
    hold(androidTokenTable, known, 2, exportOf([keyOf(1)]));
    expect(valuesHeld(known)).toEqual([keyOf(1)]);
  });

  test("legacy token mode: a revocation of a known key, and any other early revision, are taken", () => {
    const known: KnownKeys = {};
    hold(androidTokenTable, known, 1, exportOf([keyOf(1, { reportType: likely })], [keyOf(2)]));
    expect(valuesHeld(known)).toHaveLength(2);
    hold(androidTokenTable, known, 2, early);
    expect(valuesHeld(known)).toEqual([keyOf(2)]);
  });
});
