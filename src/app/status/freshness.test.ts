// From findings to a judgement.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { broken, FRESHNESS_STATES, freshnessOf, isLate, isPassing, late, worst } from "./freshness.ts";

describe("freshness", () => {
  test("is healthy without a finding", () => {
    expect(freshnessOf([])).toEqual({ state: "healthy", reasons: [] });
  });

  test("is as bad as its worst finding, and names the gravest first, each once", () => {
    const findings = [late("job_late"), broken("location_fence_broken"), late("location_late"), late("job_late")];
    expect(freshnessOf(findings)).toEqual({
      state: "broken",
      reasons: ["location_fence_broken", "job_late", "location_late"],
    });
    expect(freshnessOf([late("job_late")])).toEqual({ state: "late", reasons: ["job_late"] });
  });

  test("of many is the worst of them, in whatever order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...FRESHNESS_STATES)), (states) => {
        const rank = (state: (typeof states)[number]) => FRESHNESS_STATES.indexOf(state);
        expect(rank(worst(states))).toBe(Math.max(0, ...states.map(rank)));
      }),
    );
  });

  test("is late after more than three periods, and never of a job that nobody runs", () => {
    expect([isLate(900, 300), isLate(901, 300), isLate(1e9, null)]).toEqual([false, true, false]);
  });

  test.each([
    "fetch_timeout",
    "fetch_connection_failed",
    "index_unavailable",
    "index_html",
    "archive_missing",
    "mirror_overtaken",
    "location_contended",
    "database_unreachable",
    "blob_storage_failed",
    "unexpected",
  ])("%s passes by itself", (code) => {
    expect(isPassing(code)).toBe(true);
  });

  test.each([
    "fetch_private_address",
    "fetch_url_invalid",
    "index_too_many_lines",
    "mirror_source_shrank",
    "archive_unobtainable",
    "archive_untrusted",
    "archive_signature_invalid",
    "location_fence_broken",
    "location_no_seal",
    "signing_key_missing",
    "blob_storage_full",
    "export_clock_behind",
  ])("%s needs somebody", (code) => {
    expect(isPassing(code)).toBe(false);
  });
});
