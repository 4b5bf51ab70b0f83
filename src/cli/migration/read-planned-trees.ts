// Reads all trees of a plan from outside and compares their keys.

import { DEFAULT_LIMITS } from "../../archive/archive-types.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { MigrationPlan } from "../../features/migration/plan-form.ts";
import { coverageQuestion } from "../../features/migration/planned-trees.ts";
import { cryptoRandom } from "../../platform/random/crypto-random.ts";
import type { ProofLimits, TemporaryFiles } from "../../proof/proof-types.ts";
import { type Proof, proveCoverage } from "../../proof/prove-coverage.ts";
import { createSpinner } from "../output/spinner.ts";
import type { Surroundings } from "../surroundings.ts";
import { fetchPublic } from "./fetch-public.ts";
import { withTemporaryFiles } from "./temporary-folder.ts";

const LIMITS: ProofLimits = {
  maxIndexBytes: 4 * 1024 * 1024,
  maxIndexLines: 50_000,
  archiveLimits: DEFAULT_LIMITS,
};

export type ProofErrorCode =
  /** Ctrl-C or another signal ended it; nothing of it is left. */
  "proof_interrupted";

/** Reads the trees of a plan, with a line that moves. Throws `proof_interrupted`, and what files and keys throw. */
export async function readPlannedTrees(
  plan: MigrationPlan,
  surroundings: Surroundings,
  sample: number | null = null,
): Promise<Proof> {
  const question = coverageQuestion(plan, surroundings.clock.now(), nodeArchiveTools);
  const spinner = createSpinner(surroundings.terminal);
  const interrupted = surroundings.interruption();
  const prove = (files: TemporaryFiles) =>
    proveCoverage(
      {
        ...fetchPublic(surroundings.fetch, interrupted),
        archiveTools: nodeArchiveTools,
        limits: LIMITS,
        now: question.now,
        files,
        interrupted,
        progress: (tree, done, all) => spinner.turn(`${tree}: ${done} of ${all} archives`),
      },
      question,
      sample === null ? null : { archives: sample, random: cryptoRandom },
    );
  try {
    return await withTemporaryFiles(prove);
  } catch (error) {
    if (!interrupted.aborted) throw error;
    throw new CodedError<ProofErrorCode>("proof_interrupted", "the proof was broken off; nothing of it is left");
  } finally {
    spinner.clear();
  }
}
