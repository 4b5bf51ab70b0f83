// `enks migration verify`: which keys of a state are in the national exports, from public URLs and public keys alone.

import { DEFAULT_LIMITS } from "../../archive/archive-types.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { HOUR } from "../../core/clock.ts";
import type { MigrationPlan } from "../../features/migration/plan-form.ts";
import { coverageQuestion } from "../../features/migration/planned-trees.ts";
import { cryptoRandom } from "../../platform/random/crypto-random.ts";
import type { CoverageReport } from "../../proof/coverage-report.ts";
import type { ProofLimits } from "../../proof/proof-types.ts";
import { type Proof, proveCoverage } from "../../proof/prove-coverage.ts";
import { COVERAGE_STATEMENT, signStatement } from "../../proof/signed-statement.ts";
import { jsonText } from "../output/plain-text.ts";
import { createSpinner } from "../output/spinner.ts";
import { REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { requireNoFile, writeNewOutput } from "../write-output.ts";
import { fetchPublic } from "./fetch-public.ts";
import { readPlanFile } from "./read-plan.ts";
import { renderCoverage } from "./render-coverage.ts";
import { readStatementKeyFile } from "./statement-keys.ts";
import { withTemporaryFiles } from "./temporary-folder.ts";

export interface VerifyFlags {
  readonly file: string;
  readonly sample?: number;
  readonly lag?: number;
  readonly report?: string;
  readonly signWith?: string;
  readonly json?: true;
}

const LIMITS: ProofLimits = {
  maxIndexBytes: 4 * 1024 * 1024,
  maxIndexLines: 50_000,
  archiveLimits: DEFAULT_LIMITS,
};

/** Answers 0 for a proof or a good sample, else 1. Throws the codes of plan, keys and files. */
export async function verifyMigration(flags: VerifyFlags, surroundings: Surroundings): Promise<number> {
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

/** Reads the trees of a plan, with a line that moves. Throws what files and keys throw. */
export async function readPlannedTrees(
  plan: MigrationPlan,
  surroundings: Surroundings,
  sample: number | null = null,
): Promise<Proof> {
  const question = coverageQuestion(plan, surroundings.clock.now(), nodeArchiveTools);
  const spinner = createSpinner(surroundings.terminal);
  return withTemporaryFiles((files) =>
    proveCoverage(
      {
        ...fetchPublic(surroundings.fetch),
        archiveTools: nodeArchiveTools,
        limits: LIMITS,
        now: question.now,
        files,
        progress: (tree, done, all) => spinner.turn(`${tree}: ${done} of ${all} archives`),
      },
      question,
      sample === null ? null : { archives: sample, random: cryptoRandom },
    ),
  ).finally(() => spinner.clear());
}

function shown(report: CoverageReport, { terminal }: Surroundings): string {
  return renderCoverage(report, terminal.screen()?.columns ?? Number.POSITIVE_INFINITY);
}
