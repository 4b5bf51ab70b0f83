// From a signed report to evidence: who signed it, about which plan, and what it leaves open.

import { type Static, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import {
  COVERAGE_STATEMENT,
  openStatement,
  type SignedStatement,
  statementType,
} from "../../proof/signed-statement.ts";
import { CHECKS_STATEMENT } from "./checks/checks-report.ts";
import { CHECKS } from "./checks/run-checks.ts";
import type { Evidence, MigrationErrorCode } from "./migration-types.ts";
import type { Observer } from "./queries.ts";
import { sha256Hex } from "./sha256-hex.ts";
import { CLOCK_SLACK_SECONDS } from "./state-machine.ts";

/** What is used of a report. An observer may run another version of the program, so its form is checked, too. */
const every = { formatVersion: Type.Literal(1), at: Type.Integer({ minimum: 0 }), planDigest: Type.String() };
const checksForm = Type.Object({
  ...every,
  kind: Type.Literal("checks"),
  checks: Type.Array(Type.Object({ name: Type.String(), outcome: Type.Enum(["pass", "fail", "waived"]) })),
});
const coverageForm = Type.Object({
  ...every,
  kind: Type.Literal("coverage"),
  verdict: Type.Enum(["proven", "sample_good", "not_proven"]),
  places: Type.Array(Type.Object({ name: Type.String(), isCovered: Type.Boolean() })),
});
type Reported = Static<typeof checksForm> | Static<typeof coverageForm>;

const checksValidator = Compile(checksForm);
const coverageValidator = Compile(coverageForm);

/**
 * Throws `migration_evidence_refused` unless an observer signed it, it is of the plan, and its time is not ahead; and
 * CodedError<StatementErrorCode>.
 */
export function readEvidence(
  envelope: SignedStatement,
  observers: readonly Observer[],
  planDigest: string,
  now: UnixSeconds,
): Evidence {
  const signer = observers.find(({ fingerprint }) => envelope.signatures.some(({ keyid }) => keyid === fingerprint));
  if (signer === undefined) throw refused("no observer of this migration signed the report");
  const report = openReport(envelope, signer.publicPem);
  if (report.planDigest !== planDigest) throw refused("the report is of another plan, or of an earlier version of it");
  if (report.at > now + CLOCK_SLACK_SECONDS) {
    throw refused("the report was made later than now by this server's clock");
  }
  return {
    kind: report.kind,
    at: report.at,
    open: openIn(report),
    planDigest,
    statementDigest: sha256Hex(Buffer.from(envelope.payload, "base64")),
    signedBy: signer.fingerprint,
  };
}

/** The report under the form of its kind. Throws `migration_evidence_refused` and CodedError<StatementErrorCode>. */
function openReport(envelope: SignedStatement, publicPem: string): Reported {
  const isChecks = envelope.payloadType === statementType(CHECKS_STATEMENT);
  const report = openStatement(isChecks ? CHECKS_STATEMENT : COVERAGE_STATEMENT, envelope, publicPem);
  if (isChecks && checksValidator.Check(report)) return report;
  if (!isChecks && coverageValidator.Check(report)) return report;
  throw refused("the report is of another version of the program");
}

function openIn(report: Reported): string[] {
  if (report.kind === "checks") {
    const settled = new Set(report.checks.filter(({ outcome }) => outcome !== "fail").map(({ name }) => name));
    // A check that was not made has not passed.
    return CHECKS.map(({ name }) => name).filter((name) => !settled.has(name));
  }
  if (report.verdict === "proven") return [];
  const uncovered = report.places.filter(({ isCovered }) => !isCovered).map(({ name }) => name);
  // A sample proves nothing, nor does a tree that could not be read.
  return uncovered.length > 0 ? uncovered : ["not proven"];
}

function refused(message: string): CodedError<MigrationErrorCode> {
  return new CodedError("migration_evidence_refused", message, {
    remedy: "Make it again with `enks migration prove`, under a key that the migration was started with.",
  });
}
