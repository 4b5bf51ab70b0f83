// Which failures cost an archive its chances.

import { describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import { classifyFailure, isOutage } from "./classify-failure.ts";
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

  test.each(["archive_empty", "archive_untrusted", "archive_html", "archive_region_not_allowed"])(
    "%s is damage with its own reason",
    (code) => {
      expect(classify(new CodedError(code, ""))).toEqual({ kind: "damaged", reason: code });
    },
  );

  test("an archive beyond the size limit is damaged", () => {
    const failure = classify(new CodedError("fetch_too_large", ""));
    expect(failure).toEqual({ kind: "damaged", reason: "archive_too_large" });
  });
});

test("a forbidden archive is not held to be missing while the index fails too", () => {
  const failure = classifyFailure(new CodedError("archive_forbidden", ""), { isIndexReadable: false, isMoved: false });
  expect(failure).toEqual({ kind: "unreachable", reason: "archive_forbidden" });
});

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

function classify(error: unknown) {
  return classifyFailure(error, { isIndexReadable: true, isMoved: false });
}
