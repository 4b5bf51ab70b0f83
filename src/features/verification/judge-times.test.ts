// When a token may be used: each bound to the second.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusalOfTimes } from "./judge-times.ts";

const NOW = 1_700_000_000;
const limits = { certificateMaxLifetimeSeconds: 86_400, clockLeewaySeconds: 60 };

describe("refusalOfTimes", () => {
  test.each([
    ["an end a quarter of an hour away", { exp: 900, iat: 0, nbf: null }],
    ["no word but the end", { exp: 900, iat: null, nbf: null }],
    ["an end that is just within the leeway", { exp: -60, iat: -900, nbf: null }],
    ["a beginning that is just within the leeway", { exp: 900, iat: 60, nbf: 60 }],
    ["the longest lifetime from iat", { exp: 86_400, iat: 0, nbf: -1 }],
    ["the longest lifetime from nbf", { exp: 86_300, iat: null, nbf: -100 }],
    ["the longest lifetime from now, of a clock that is ahead", { exp: 86_460, iat: null, nbf: null }],
  ])("takes %s", (_, times) => {
    expect(refusalOfTimes(at(times), NOW, limits)).toBeNull();
  });

  test.each([
    ["KS P22: no end", { exp: null, iat: 0, nbf: 0 }, "jwt_expiry_missing"],
    ["an end beyond the leeway", { exp: -61, iat: -900, nbf: null }, "jwt_expired"],
    ["an end before 1970", { exp: -NOW - 5, iat: null, nbf: null }, "jwt_expired"],
    ["iat beyond the leeway", { exp: 900, iat: 61, nbf: null }, "jwt_not_yet_valid"],
    ["nbf beyond the leeway", { exp: 900, iat: 0, nbf: 61 }, "jwt_not_yet_valid"],
    ["KS P22: a longer lifetime from iat", { exp: 86_401, iat: 0, nbf: null }, "jwt_lifetime_too_long"],
    ["KS P22: a longer lifetime from nbf", { exp: 86_301, iat: null, nbf: -100 }, "jwt_lifetime_too_long"],
    ["KS P22: a longer lifetime from now", { exp: 86_461, iat: null, nbf: null }, "jwt_lifetime_too_long"],
    ["an end that no clock reaches", { exp: 1e15, iat: null, nbf: null }, "jwt_lifetime_too_long"],
    ["iat before 1970", { exp: 900, iat: -NOW - 5, nbf: null }, "jwt_lifetime_too_long"],
  ])("refuses %s", (_, times, code) => {
    expect(refusalOfTimes(at(times), NOW, limits)).toBe(code);
  });

  test("nothing is good for longer than the longest lifetime and the leeway on either side", () => {
    const claim = fc.option(fc.integer({ min: NOW - 200_000, max: NOW + 200_000 }), { nil: null });
    fc.assert(
      fc.property(claim, claim, claim, fc.integer({ min: 100_000, max: 400_000 }), (exp, iat, nbf, later) => {
        const times = { exp, iat, nbf };
        if (refusalOfTimes(times, NOW, limits) !== null) return;
        expect(refusalOfTimes(times, NOW + later, limits)).not.toBeNull();
      }),
    );
  });
});

/** Times counted from now. */
function at({ exp, iat, nbf }: { exp: number | null; iat: number | null; nbf: number | null }) {
  return { exp: shift(exp), iat: shift(iat), nbf: shift(nbf) };
}

function shift(seconds: number | null): number | null {
  return seconds === null ? null : NOW + seconds;
}
