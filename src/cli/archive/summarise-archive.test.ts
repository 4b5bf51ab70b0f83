// What `enks archive inspect` counts, and how it looks.

import { describe, expect, test } from "vitest";
import type { ExportContent } from "../../archive/archive-types.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { renderSummary } from "./render-summary.ts";
import { countUsable, summariseArchive } from "./summarise-archive.ts";

const END = Date.parse("2026-11-20T04:00:00Z") / 1_000;
const TODAY = Date.parse("2026-11-20T00:00:00Z") / 600_000;

function makeKey(daysAgo: number, reportType: 1 | 5 | null, daysSinceOnset: number | null) {
  const keyData = new Uint8Array(16);
  return {
    keyData,
    rollingStart: TODAY - 144 * daysAgo,
    rollingPeriod: 144,
    transmissionRisk: null,
    reportType,
    daysSinceOnset,
  };
}

const CONTENT: ExportContent = {
  header: {
    start: END - 14_400,
    end: END,
    region: "X\u001b[2J\u202e",
    batchNum: 1,
    batchSize: null,
    signatureInfos: [],
  },
  primaries: KeyBatch.from([makeKey(2, 1, 3), makeKey(1, 1, -2), makeKey(1, null, null)]),
  revised: KeyBatch.from([makeKey(10, 5, null)]),
  refusedCounts: { key_length: 2, onset_range: 1 },
  refused: [{ list: "primary", index: 7, reason: "key_length" }],
};
const INFO = { keyId: "999", keyVersion: null, algorithm: "1.2.840.10045.4.3.2" };
const SUMMARY = summariseArchive({
  content: CONTENT,
  signatures: [{ info: INFO, batchNum: 1, batchSize: 1, signature: new Uint8Array(70) }],
  exportBin: new Uint8Array(200),
  digest: "ab".repeat(32),
  unusual: [{ oddity: "archive_entry_unexpected", detail: "\u001b[2J" }],
});

describe("a summary", () => {
  test("counts every value, absent ones last", () => {
    expect(SUMMARY.primaries).toEqual({
      count: 3,
      reportType: [
        { value: 1, count: 2 },
        { value: null, count: 1 },
      ],
      transmissionRisk: [{ value: null, count: 3 }],
      rollingPeriod: [{ value: 144, count: 3 }],
      ageDays: [
        { value: 1, count: 2 },
        { value: 2, count: 1 },
      ],
      daysSinceOnset: [
        { value: -2, count: 1 },
        { value: 3, count: 1 },
        { value: null, count: 1 },
      ],
    });
    expect(SUMMARY.revised).toMatchObject({ count: 1, ageDays: [{ value: 10, count: 1 }] });
  });

  test("tells window, signers and refused keys", () => {
    expect(SUMMARY.window).toMatchObject({ from: "2026-11-20T00:00:00Z", until: "2026-11-20T04:00:00Z", end: END });
    expect(SUMMARY.signatures).toEqual([INFO]);
    expect(SUMMARY.refused).toEqual({ count: 3, byReason: CONTENT.refusedCounts, first: CONTENT.refused });
  });

  test("is rendered with bars that compare", () => {
    const lines = renderSummary(SUMMARY).split("\n");
    expect(lines).toContain(`  confirmed  2  ${"#".repeat(40)}`);
    expect(lines).toContain(`     absent  1  ${"#".repeat(20)}`);
    expect(lines).toContain("batch                  1 of absent");
    expect(lines).toContain('signature              id "999", version absent, algorithm "1.2.840.10045.4.3.2"');
    expect(lines).toContain("  key_length           2");
  });

  test("never sends an archive's control characters to the terminal", () => {
    expect(renderSummary(SUMMARY)).toContain(String.raw`"X\u001b[2J\u202e"`);
    expect(renderSummary(SUMMARY)).toContain(
      String.raw`archive_entry_unexpected "\u001b[2J": taken with --other-entries`,
    );
    expect(renderSummary(SUMMARY)).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test("folds rare values when there are many", () => {
    const keys = Array.from({ length: 144 }, (_, index) => ({ ...makeKey(1, 1, 0), rollingPeriod: index + 1 }));
    const primaries = KeyBatch.from([...keys, makeKey(1, 1, 0), makeKey(1, 1, 0)]);
    const content = { ...CONTENT, primaries, revised: KeyBatch.empty };
    const text = renderSummary(
      summariseArchive({ content, signatures: [], exportBin: new Uint8Array(0), digest: "", unusual: [] }),
    );
    expect(text).toMatch(/ {2}144 {4}3 {2}#/);
    expect(text).toMatch(/others {2}115 {2}#{40}/);
  });
});

test("keys are of use once they are over and until fourteen days later", () => {
  const [lastDay, old] = [TODAY - 144, TODAY - 15 * 144];
  const batch = KeyBatch.from(
    [TODAY, lastDay, old, old + 1].map((rollingStart) => ({ ...makeKey(0, 1, 0), rollingStart })),
  );
  expect(countUsable(batch, TODAY * 600)).toEqual({ usable: 2, notOver: 1, tooOld: 1 });
});
