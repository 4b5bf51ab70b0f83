// Which failures cost an archive its chances.

import { describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { classifyFailure, type FailureClass, type FailureContext, isOutage, isSuspect } from "./classify-failure.ts";
import { requireBody } from "./fetch-archive.ts";

describe("classifyFailure", () => {
  test.each([
    "fetch_failed",
    "fetch_timeout",
    "fetch_cut_short",
    "fetch_private_address",
    "fetch_too_many_redirects",
    "archive_unavailable",
    "database_unreachable",
  ])("%s is an outage", (code) => {
    expect(classify(new CodedError(code, ""))).toEqual({ kind: "unreachable", reason: code });
  });

  test("a fault that nobody foresaw is an outage too, so that it costs no archive", () => {
    expect(classify(new TypeError("boom"))).toEqual({ kind: "unreachable", reason: "unexpected" });
  });

  test.each(["archive_zip_damaged", "archive_untrusted", "archive_signature_invalid", "archive_region_not_allowed"])(
    "%s is damage with its own reason, whatever else the server answers",
    (code) => {
      for (const context of CONTEXTS) expect(classify(new CodedError(code, ""), context).kind).toBe("damaged");
    },
  );

  test("an archive beyond the size limit is damaged", () => {
    const failure = classify(new CodedError("fetch_too_large", ""));
    expect(failure).toEqual({ kind: "damaged", reason: "archive_too_large" });
  });

  test("what was wrong at a place that the server has left says nothing", () => {
    for (const context of CONTEXTS) {
      const failure = classify(new CodedError("archive_untrusted", ""), { ...context, isMoved: true });
      expect(failure.kind).toBe("unreachable");
    }
  });

  describe.each<[string, FailureClass, FailureClass]>([
    ["archive_missing", "missing", "missing"],
    ["archive_forbidden", "missing", "missing"],
    ["archive_html", "damaged", "missing"],
    ["archive_empty", "damaged", "missing"],
    ["archive_not_zip", "damaged", "missing"],
  ])("%s", (code, ofWell, ofUnknown) => {
    const error = new CodedError(code, "");

    test("may be the server's", () => {
      expect(isSuspect(error)).toBe(true);
    });

    test.each<[string, Partial<FailureContext>, FailureClass]>([
      ["is an outage while the index cannot be read", { isIndexReadable: false, server: "well" }, "unreachable"],
      ["is an outage while another archive is bad", { server: "unwell" }, "unreachable"],
      ["is the archive's own where another one is good", { server: "well" }, ofWell],
      ["gets six tries where there is none to ask for", { server: "unknown" }, ofUnknown],
    ])("%s", (_, context, kind) => {
      expect(classify(error, context)).toEqual({ kind, reason: code });
    });
  });
});

const CONTEXTS: readonly FailureContext[] = [true, false].flatMap((isIndexReadable) =>
  (["well", "unwell", "unknown"] as const).map((server) => ({ isIndexReadable, isMoved: false, server })),
);

describe("isOutage", () => {
  test.each(["fetch_failed", "fetch_timeout", "fetch_cut_short", "archive_unavailable"])("%s is one", (code) => {
    expect(isOutage(code)).toBe(true);
  });

  test.each(["archive_unobtainable", "archive_forbidden", "fetch_private_address", "fetch_too_many_redirects", null])(
    "%s says nothing about other archives",
    (code) => {
      expect(isOutage(code)).toBe(false);
    },
  );
});

describe("requireBody", () => {
  test.each([404, 410])("%i means missing", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "missing", reason: "archive_missing" });
  });

  test.each([401, 403])("%i means missing too: object stores answer so for what is not there", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "missing", reason: "archive_forbidden" });
  });

  test.each([429, 500, 503])("%i means that the source cannot be reached", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "unreachable", reason: "archive_unavailable" });
  });

  test.each([206, 304, 400])("%i is tried again and says nothing about other archives", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "unreachable", reason: "archive_unobtainable" });
  });
});

function failureOfStatus(status: number) {
  try {
    return requireBody({ outcome: "status", status });
  } catch (error) {
    return classify(error);
  }
}

function classify(error: unknown, context: Partial<FailureContext> = {}) {
  return classifyFailure(error, { isIndexReadable: true, isMoved: false, server: "unknown", ...context });
}
