// The summary of many test uploads.

import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProbeResult } from "./send-test-uploads.ts";
import { createTally, jsonLine, percentile, renderFailure, renderSummaries } from "./summarise-results.ts";

const GOOD: ProbeResult = {
  at: 1_795_514_400,
  kind: "upload",
  isGood: true,
  outcome: "stored",
  status: 200,
  code: null,
  message: "",
  milliseconds: 12.345_678,
};
const LOST: ProbeResult = { ...GOOD, isGood: false, outcome: "try_again", status: null, code: "fetch_timeout" };

describe("percentiles", () => {
  test.each([
    [[], 0.5, null],
    [[7], 0.5, 7],
    [[7], 0.99, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
    [Array.from({ length: 101 }, (_, index) => index + 1), 0.99, 100],
  ])("of %j at %f is %j", (times, share, expected) => {
    expect(percentile(times, share)).toBe(expected);
  });

  test("are the least of the times that so large a share does not exceed", () => {
    const anyTimes = fc.array(fc.nat(50), { minLength: 1 }).map((times) => times.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(anyTimes, fc.constantFrom(0.5, 0.9, 0.99), (times, share) => {
        const found = percentile(times, share) ?? Number.NaN;
        const shareUpTo = (limit: number) => times.filter((time) => time <= limit).length / times.length;
        expect(shareUpTo(found)).toBeGreaterThanOrEqual(share);
        expect(shareUpTo(found - 1)).toBeLessThan(share);
      }),
    );
  });
});

describe("the summary", () => {
  test("counts each kind, and times what was sent", () => {
    const tally = createTally();
    const results: readonly ProbeResult[] = [
      { ...GOOD, milliseconds: 10 },
      { ...LOST, milliseconds: 90 },
      { ...GOOD, milliseconds: 20 },
      { ...GOOD, kind: "revision", isGood: false, outcome: "not_sent", milliseconds: null },
    ];
    for (const result of results) tally.add(result);
    expect(tally.summaries()).toEqual([
      { kind: "upload", requests: 3, good: 2, failed: 1, p50Milliseconds: 20, p99Milliseconds: 90 },
      { kind: "revision", requests: 1, good: 0, failed: 1, p50Milliseconds: null, p99Milliseconds: null },
    ]);
    const lines = stripVTControlCharacters(renderSummaries(tally.summaries())).split("\n");
    expect(lines[0]).toMatch(/kind +requests +good +failed +p50 ms +p99 ms/);
    expect(lines[2]).toMatch(/revision +1 +0 +1 +- +-/);
  });

  test("forgets the times of long ago, and none of the counts", () => {
    const tally = createTally();
    for (let count = 0; count < 100_000; count++) tally.add({ ...GOOD, milliseconds: 1 });
    for (let count = 0; count < 60_000; count++) tally.add({ ...GOOD, milliseconds: 2 });
    expect(tally.summaries()).toMatchObject([{ requests: 160_000, p50Milliseconds: 2 }]);
  });
});

describe("a line", () => {
  test("of JSON is one line, with the instant and rounded times", () => {
    expect(JSON.parse(jsonLine(GOOD))).toEqual({ ...GOOD, at: "2026-11-24T10:00:00Z", milliseconds: 12.346 });
    const hostile = { ...LOST, message: "two\nlines\u001b[2J\u202e" };
    expect(jsonLine(hostile)).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(jsonLine(hostile))).toMatchObject({ message: hostile.message });
  });

  test("on a failure says what is known", () => {
    expect(renderFailure({ ...LOST, message: "no answer within 10 s" })).toBe(
      "2026-11-24T10:00:00Z upload try_again: fetch_timeout no answer within 10 s\n",
    );
  });
});
