// From a signed report to evidence: who signed it, about which plan, and what it leaves open.

import { createHash } from "node:crypto";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { CoverageReport } from "../../proof/coverage-report.ts";
import { COVERAGE_STATEMENT, openStatement, type SignedStatement } from "../../proof/signed-statement.ts";
import { CHECKS_STATEMENT, type ChecksReport } from "./checks/checks-report.ts";
import type { Evidence, MigrationErrorCode } from "./migration-types.ts";
import type { Observer } from "./queries.ts";

/** A clock may differ by this much from the observer's. */
const CLOCK_SLACK_SECONDS = 300;

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
  const isChecks = envelope.payloadType.includes(CHECKS_STATEMENT);
  const kind = isChecks ? CHECKS_STATEMENT : COVERAGE_STATEMENT;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the signature says that an observer's program made it
  const report = openStatement(kind, envelope, signer.publicPem) as ChecksReport | CoverageReport;
  if (report.planDigest !== planDigest) throw refused("the report is of another plan, or of an earlier version of it");
  if (!Number.isSafeInteger(report.at) || report.at > now + CLOCK_SLACK_SECONDS) {
    throw refused("the report was made later than now by this server's clock");
  }
  return {
    kind: report.kind,
    at: report.at,
    open: openIn(report),
    planDigest,
    statementDigest: createHash("sha256").update(Buffer.from(envelope.payload, "base64")).digest("hex"),
    signedBy: signer.fingerprint,
  };
}

function openIn(report: ChecksReport | CoverageReport): string[] {
  if (report.kind === "checks") {
    return report.checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name);
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
