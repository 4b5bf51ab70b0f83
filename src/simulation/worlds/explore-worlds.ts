// Lives through many random worlds in several processes, and adds up what was tried and what was broken.
//
// Processes, because the databases of several threads would wait for one another whenever one of them needs memory.

import { type ChildProcess, fork } from "node:child_process";
import { extname, join } from "node:path";
import { CodedError } from "../../core/coded-error.ts";
import type { DrawLimits } from "./draw-plan.ts";
import { addOutcome, type Exploration, startExploration } from "./exploration.ts";
import type { PlanCut } from "./plan-cut.ts";
import type { WorkerReply, WorkerSettings } from "./world-worker.ts";

export interface ExploreOptions {
  readonly runs: number;
  readonly firstSeed: number;
  readonly limits: DrawLimits;
  readonly cut: PlanCut;
  readonly threads: number;
  readonly postgresUrl: string | null;
  readonly shrinkAttempts: number;
  /** Called after every world. */
  readonly onProgress: (exploration: Exploration) => void;
}

export type SimulationErrorCode = "simulation_failed";

/**
 * Goes on until `runs` worlds were tried: where faults are asked for, one in which none struck does not count. Throws
 * `world_impossible` where the options allow no world, and `simulation_failed` where a world could not be lived.
 */
export async function exploreWorlds(options: ExploreOptions): Promise<Exploration> {
  const exploration = startExploration();
  const isFaulty = options.limits.faults !== "none";
  // A repeated world is tried whether something strikes or not.
  const mostWorlds = options.runs === 1 ? 1 : options.runs * 3;
  let drawn = 0;
  let isStopped = false;
  const mayGoOn = () => !isStopped && drawn < mostWorlds && drawn - exploration.untouched < options.runs;

  const work = async (thread: number): Promise<void> => {
    const worker = startWorker(options, thread);
    try {
      await nextReply(worker);
      while (mayGoOn()) {
        worker.send(options.firstSeed + drawn++);
        const reply = await nextReply(worker);
        if (reply.kind === "failed") throw failure(reply);
        if (reply.kind === "lived") addOutcome(exploration, reply.outcome, reply.smaller, isFaulty);
        options.onProgress(exploration);
      }
    } catch (error) {
      // The others need not go on for a result that nobody gets.
      isStopped = true;
      throw error;
    } finally {
      worker.kill();
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: options.threads }, (_, thread) => work(thread)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return exploration;
}

function startWorker({ limits, cut, postgresUrl, shrinkAttempts }: ExploreOptions, thread: number): ChildProcess {
  // TypeScript in the repository, JavaScript in the package: like this file.
  const program = join(import.meta.dirname, `world-worker${extname(import.meta.filename)}`);
  const postgres = postgresUrl === null ? null : { url: postgresUrl, name: `simulation_${thread}` };
  const settings: WorkerSettings = { limits, cut, postgres, shrinkAttempts };
  return fork(program, [JSON.stringify(settings)], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: "advanced",
  });
}

function nextReply(worker: ChildProcess): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      settle();
    };
    const onMessage = (reply: WorkerReply) => end(() => resolve(reply));
    const onError = (error: unknown) => end(() => reject(error));
    const onExit = () => end(() => reject(new Error("a process of the simulation ended")));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}

function failure({ seed, reason, code }: Extract<WorkerReply, { kind: "failed" }>): CodedError {
  if (code === "world_impossible") return new CodedError("world_impossible", `seed ${seed}: ${reason.split("\n")[0]}`);
  return new CodedError<SimulationErrorCode>(
    "simulation_failed",
    `the world of seed ${seed} could not be lived: ${reason}`,
  );
}
