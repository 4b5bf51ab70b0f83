// What counts as evidence, and what it leaves open.

import { describe, expect, test } from "vitest";
import { COVERAGE_STATEMENT, makeStatementKey, signStatement } from "../../proof/signed-statement.ts";
import { CHECKS_STATEMENT } from "./checks/checks-report.ts";
import { CHECKS } from "./checks/run-checks.ts";
import { readEvidence } from "./read-evidence.ts";

const NOW = 1_795_514_400;
const KEY = makeStatementKey();
const ABOUT = { formatVersion: 1, at: NOW, planDigest: "plan" };
const allChecks = CHECKS.map(({ name }) => ({ name, outcome: "pass" }));

function read(kind: string, report: object) {
  return readEvidence(signStatement(kind, report, KEY), [KEY], "plan", NOW);
}

function withChecks(checks: unknown) {
  return read(CHECKS_STATEMENT, { ...ABOUT, kind: "checks", checks });
}

function openUnder(verdict: string, isCovered: boolean): readonly string[] {
  const places = [{ name: "nation", isCovered }];
  return read(COVERAGE_STATEMENT, { ...ABOUT, kind: "coverage", verdict, places }).open;
}

const refused = expect.objectContaining({ code: "migration_evidence_refused" });

describe("checks", () => {
  test("leave nothing open where each passes or is waived", () => {
    expect(withChecks(allChecks.map((one, at) => (at === 0 ? { ...one, outcome: "waived" } : one))).open).toEqual([]);
  });

  test("leave open what fails, and what was not made", () => {
    const [first, second] = CHECKS;
    const made = allChecks.slice(1).map((one, at) => (at === 0 ? { ...one, outcome: "fail" } : one));
    expect(withChecks(made).open).toEqual([first?.name, second?.name]);
  });
});

describe("coverage", () => {
  test.each([
    ["proven", true, []],
    ["sample_good", true, ["not proven"]],
    ["not_proven", true, ["not proven"]],
    ["not_proven", false, ["nation"]],
  ])("%s, covered: %s", (verdict, isCovered, open) => {
    expect(openUnder(verdict, isCovered)).toEqual(open);
  });
});

describe("no evidence is", () => {
  const checks = { ...ABOUT, kind: "checks", checks: allChecks };

  test.each([
    ["of another version", { ...checks, formatVersion: 2 }],
    ["without its checks", { ...ABOUT, kind: "checks" }],
    ["of another kind inside", { ...checks, kind: "coverage" }],
    ["of another plan", { ...checks, planDigest: "other" }],
    ["of the future", { ...checks, at: NOW + 301 }],
    ["of no time", { ...checks, at: "now" }],
    ["empty", {}],
  ])("a report that is %s", (_, report) => {
    expect(() => read(CHECKS_STATEMENT, report)).toThrow(refused);
  });

  test("one that a stranger signed", () => {
    const envelope = signStatement(CHECKS_STATEMENT, checks, makeStatementKey());
    expect(() => readEvidence(envelope, [KEY], "plan", NOW)).toThrow(refused);
  });
});
