// Tests of report types, their names and transitions (KS 4.3, 5.5).

import { describe, expect, test } from "vitest";
import { ReportType } from "./exposure-key.ts";
import { isRevoked, mayBecome, reportTypeName, reportTypeOf } from "./report-type.ts";

const { confirmed, likely, userReport, revoked } = ReportType;

describe("names", () => {
  test.each([
    ["confirmed", confirmed],
    ["likely", likely],
    ["user-report", userReport],
    ["negative", revoked],
  ])("%s is type %i and back", (name, type) => {
    expect(reportTypeOf(name)).toBe(type);
    expect(reportTypeName(type)).toBe(name);
  });

  test.each(["", "Confirmed", "revoked", "toString", "__proto__"])("'%s' names no type", (name) => {
    expect(reportTypeOf(name)).toBeUndefined();
  });
});

describe("which type may follow which", () => {
  const all = [confirmed, likely, userReport, revoked, null];
  test.each([
    { from: likely, allowed: [confirmed, revoked] },
    { from: null, allowed: [confirmed, revoked] },
    { from: userReport, allowed: [confirmed, likely, revoked] },
    { from: confirmed, allowed: [] },
    { from: revoked, allowed: [] },
  ])("after $from come $allowed and nothing else", ({ from, allowed }) => {
    expect(all.filter((to) => mayBecome(from, to))).toEqual(allowed);
  });
});

test("only a negative key is revoked", () => {
  expect([confirmed, likely, userReport, revoked, null].filter(isRevoked)).toEqual([revoked]);
});
