// Which failures cost an archive its chances.

import { describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { classifyFailure, requireBody } from "./classify-failure.ts";

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
    expect(classifyFailure(new CodedError(code, ""))).toEqual({ kind: "unreachable", reason: code });
  });

  test("a fault that nobody foresaw is an outage too, so that it costs no archive", () => {
    expect(classifyFailure(new TypeError("boom"))).toEqual({ kind: "unreachable", reason: "unexpected" });
  });

  test.each(["archive_empty", "archive_untrusted", "archive_html", "archive_region_not_allowed"])(
    "%s is damage with its own reason",
    (code) => {
      expect(classifyFailure(new CodedError(code, ""))).toEqual({ kind: "damaged", reason: code });
    },
  );

  test("an archive beyond the size limit is damaged", () => {
    const failure = classifyFailure(new CodedError("fetch_too_large", ""));
    expect(failure).toEqual({ kind: "damaged", reason: "archive_too_large" });
  });
});

describe("requireBody", () => {
  test.each([404, 410])("%i means missing", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "missing", reason: "archive_missing" });
  });

  test.each([401, 403])("%i means missing too: object stores answer so for what is not there", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "missing", reason: "archive_forbidden" });
  });

  test.each([304, 400, 429, 500, 503])("%i means that the source cannot be reached", (status) => {
    expect(failureOfStatus(status)).toEqual({ kind: "unreachable", reason: "archive_unavailable" });
  });
});

function failureOfStatus(status: number) {
  try {
    return requireBody({ outcome: "status", status });
  } catch (error) {
    return classifyFailure(error);
  }
}
