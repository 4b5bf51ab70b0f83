// `enks migration verify`: which keys of a state are in the national exports, from public URLs and public keys alone.

import type { Command } from "commander";
import { HOUR } from "../../core/clock.ts";
import type { CoverageReport } from "../../proof/coverage-report.ts";
import { COVERAGE_STATEMENT, signStatement } from "../../proof/signed-statement.ts";
import { jsonText } from "../output/plain-text.ts";
import { durationValue, sampleValue } from "../parse/option-values.ts";
import { addJsonOption, endWithCode, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { requireNoFile, writeNewOutput } from "../write-output.ts";
import { readPlanFile } from "./read-plan.ts";
import { readPlannedTrees } from "./read-planned-trees.ts";
import { renderCoverage } from "./render-coverage.ts";
import { readStatementKeyFile } from "./statement-keys.ts";

interface VerifyFlags {
  readonly file: string;
  readonly sample?: number;
  readonly lag?: number;
  readonly report?: string;
  readonly signWith?: string;
  readonly json?: true;
}

export function addVerifyCommand(migration: Command, surroundings: Surroundings): void {
  const verifying = migration
    .command("verify")
    .description("prove from public URLs and keys that every key of the state is in the national exports")
    .requiredOption("-f, --file <plan>", "the plan in YAML or JSON; - reads standard input")
    .option("--sample <archives>", "only look for the keys of this many archives of each tree; no proof", sampleValue)
    .option(
      "--lag <duration>",
      "how long a key may take from the state to the nation (the plan's, or 8h)",
      durationValue,
    )
    .option("--report <file>", "write the report to this new file")
    .option("--sign-with <key>", "sign the report with the key in this file, which `migration key` makes");
  addJsonOption(verifying)
    .addHelpText("after", "\nExit codes: 0 proven, or the sample is good; 1 not proven.")
    .action((flags: VerifyFlags) => endWithCode(() => verifyMigration(flags, surroundings)));
}

/** Answers 0 for a proof or a good sample, else 1. Throws the codes of plan, keys and files. */
async function verifyMigration(flags: VerifyFlags, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const plan = await readPlanFile(flags.file);
  const signer = flags.signWith === undefined ? null : await readStatementKeyFile(flags.signWith);
  if (flags.report !== undefined) await requireNoFile(flags.report);
  const lagHours = flags.lag === undefined ? {} : { lagHours: flags.lag / HOUR };
  const { report } = await readPlannedTrees({ ...plan, ...lagHours }, surroundings, flags.sample);
  if (flags.report !== undefined) {
    const written = signer === null ? report : signStatement(COVERAGE_STATEMENT, report, signer);
    await writeNewOutput(flags.report, jsonText(written));
  }
  terminal.write(flags.json ? jsonText(report) : shown(report, surroundings));
  return report.verdict === "not_proven" ? REFUSED : 0;
}

function shown(report: CoverageReport, { terminal }: Surroundings): string {
  return renderCoverage(report, terminal.screen()?.columns ?? Number.POSITIVE_INFINITY);
}
