// A signed report of somebody else, checked before it is shown.

import { CodedError } from "../../core/coded-error.ts";
import type { CoverageReport } from "../../proof/coverage-report.ts";
import {
  COVERAGE_STATEMENT,
  openStatement,
  parseStatement,
  type StatementErrorCode,
} from "../../proof/signed-statement.ts";
import { jsonText } from "../output/plain-text.ts";
import { readText } from "../read-text.ts";
import type { Terminal } from "../surroundings.ts";
import { renderCoverage } from "./render-coverage.ts";

/** A report has a row for each archive that could not be read. */
const LARGEST_REPORT = 64 * 1024 * 1024;

/** The report as text for people, or as JSON. Throws CodedError<StatementErrorCode> and `input_unreadable`. */
export async function readReport(
  file: string,
  publicPem: string,
  asJson: boolean,
  terminal: Pick<Terminal, "screen">,
): Promise<string> {
  const report = openStatement(COVERAGE_STATEMENT, parseStatement(await readText(file, LARGEST_REPORT)), publicPem);
  if (asJson) return jsonText(report);
  if (!isCoverageReport(report)) {
    throw new CodedError<StatementErrorCode>("statement_unreadable", `${file} holds a report of another version`);
  }
  return `report of ${new Date(report.at * 1_000).toISOString()}\n${renderCoverage(report, terminal.screen()?.columns ?? Number.POSITIVE_INFINITY)}`;
}

/** The signature says that the signer's program made it, so that its form follows from its version. */
function isCoverageReport(value: unknown): value is CoverageReport {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    value.kind === "coverage" &&
    "formatVersion" in value &&
    value.formatVersion === 1
  );
}
