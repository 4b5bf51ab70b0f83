// What answers mean, for every status and code of the publish API and for what no key server would say.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "./read-answer.ts";

function answer(status: number, body: object | string, headers: Record<string, string> = {}) {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  return readAnswer({ kind: "answer", status, headers: new Headers(headers), body: bytes });
}

describe("a 200", () => {
  test("is stored, with the token and the count", () => {
    expect(answer(200, { revisionToken: "dG9r", insertedExposures: 3, padding: "x" })).toEqual({
      outcome: "stored",
      status: 200,
      inserted: 3,
      revisionToken: "dG9r",
      message: "",
      warnings: [],
    });
  });

  test("with partial_failure is partial, and with warnings has them", () => {
    const partial = { code: "partial_failure", error: "key 2 is too old", insertedExposures: 1, warnings: ["key 0"] };
    expect(answer(200, partial)).toMatchObject({
      outcome: "partial",
      inserted: 1,
      message: "key 2 is too old",
      warnings: ["key 0"],
    });
  });

  test("that inserted nothing is stored all the same: it was there", () => {
    expect(answer(200, {})).toMatchObject({ outcome: "stored", inserted: 0, revisionToken: null });
  });

  test.each(["<html>Welcome to the hotel</html>", "", "[]", "null", "3"])(
    "of %j is of somebody else: try again",
    (page) => {
      expect(answer(200, page)).toMatchObject({ outcome: "try_again", status: 200 });
    },
  );
});

describe("what is refused and what is worth repeating:", () => {
  test.each([
    [400, "bad_request", "refused"],
    [401, "unknown_health_authority_id", "refused"],
    [401, "health_authority_verification_certificate_invalid", "refused"],
    [400, "invalid_revision_token", "refused"],
    [400, "missing_revision_token", "refused"],
    [400, "key_already_revised", "refused"],
    [400, "invalid_report_type_transition", "refused"],
    [413, "bad_request", "refused"],
    [415, "bad_request", "refused"],
    [500, "health_authority_missing_region_config", "try_again"],
    [500, "unable_to_load_health_authority", "try_again"],
    [500, "internal_error", "try_again"],
    // A database outage at the reference (KS 13.1 P3).
    [400, "internal_error", "try_again"],
    [408, "bad_request", "try_again"],
    [429, "too_many_requests", "try_again"],
    [503, "internal_error", "try_again"],
  ])("%i %s is %s", (status, code, outcome) => {
    expect(answer(status, { code, error: "why" })).toMatchObject({ outcome, status, code, message: "why" });
  });

  test.each([302, 403, 404, 502, 504])("a bare %i has no code", (status) => {
    const expected = status >= 500 ? "try_again" : "refused";
    expect(answer(status, "<html>")).toMatchObject({ outcome: expected, status, code: null, message: "" });
  });

  test("no answer is worth repeating", () => {
    expect(readAnswer({ kind: "failure", code: "fetch_timeout", message: "late" })).toEqual({
      outcome: "try_again",
      status: null,
      code: "fetch_timeout",
      message: "late",
      retryAfterSeconds: null,
    });
  });
});

describe("Retry-After", () => {
  const date = "Tue, 24 Nov 2026 10:00:00 GMT";
  test.each([
    [{ "retry-after": "60" }, 60],
    [{ "retry-after": " 0 " }, 0],
    [{ "retry-after": "Tue, 24 Nov 2026 10:02:00 GMT", date }, 120],
    [{ "retry-after": "Tue, 24 Nov 2026 09:00:00 GMT", date }, 0],
    [{ "retry-after": "Tue, 24 Nov 2026 10:02:00 GMT" }, null],
    [{ "retry-after": "soon", date }, null],
    [{ "retry-after": "-5" }, null],
    [{}, null],
  ])("%j is %j seconds", (headers, retryAfterSeconds) => {
    expect(answer(503, {}, headers)).toMatchObject({ retryAfterSeconds });
  });
});

test("no answer whatever makes the reader fail, and only a 200 is a success", () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
      const { outcome } = answer(status, body);
      expect(outcome === "stored" || outcome === "partial").toBe(status === 200 && /^\s*\{/.test(body) && isJson(body));
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
