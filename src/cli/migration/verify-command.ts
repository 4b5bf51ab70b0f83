// `enks migration verify`: which keys of a state are in the national exports, from public URLs and public keys alone.

import { DEFAULT_LIMITS } from "../../archive/archive-types.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { downloadArchive, downloadIndex } from "../../client/download.ts";
import { HOUR } from "../../core/clock.ts";
import { coverageQuestion } from "../../features/migration/planned-trees.ts";
import { cryptoRandom } from "../../platform/random/crypto-random.ts";
import type { CoverageReport } from "../../proof/coverage-report.ts";
import type { ProofLimits } from "../../proof/proof-types.ts";
import { proveCoverage } from "../../proof/prove-coverage.ts";
import type { ReadDeps } from "../../proof/read-tree.ts";
import { COVERAGE_STATEMENT, signStatement } from "../../proof/signed-statement.ts";
import { jsonText } from "../output/plain-text.ts";
import { createSpinner } from "../output/spinner.ts";
import { REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { requireNoFile, writeNewOutput } from "../write-output.ts";
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
const TIMEOUT_MILLISECONDS = 60_000;

/** Answers 0 for a proof or a good sample, else 1. Throws the codes of plan, keys and files. */
export async function verifyMigration(flags: VerifyFlags, surroundings: Surroundings): Promise<number> {
  const { terminal, clock } = surroundings;
  const plan = await readPlanFile(flags.file);
  const signer = flags.signWith === undefined ? null : await readStatementKeyFile(flags.signWith);
  if (flags.report !== undefined) await requireNoFile(flags.report);
  const lagHours = flags.lag === undefined ? {} : { lagHours: flags.lag / HOUR };
  const question = coverageQuestion({ ...plan, ...lagHours }, clock.now(), nodeArchiveTools);
  const spinner = createSpinner(terminal);
  const report = await withTemporaryFiles((files) =>
    proveCoverage(
      {
        ...readDeps(surroundings, question.now),
        files,
        progress: (tree, done, all) => spinner.turn(`${tree}: ${done} of ${all} archives`),
      },
      question,
      flags.sample === undefined ? null : { archives: flags.sample, random: cryptoRandom },
    ),
  ).finally(() => spinner.clear());
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

function readDeps({ fetch }: Surroundings, now: number): ReadDeps {
  const connection = { fetch, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
  return {
    fetchIndex: (url, maxBytes) => downloadIndex(connection, url, maxBytes),
    fetchArchive: (url, maxBytes) => downloadArchive(connection, url, maxBytes),
    archiveTools: nodeArchiveTools,
    limits: LIMITS,
    now,
  };
}
