// A run of a job works by one instant, and under a lease. Where the clock goes back behind the instant meanwhile, what the
// run still wants to write would undo what was put back; where the lease is lost, another run may have taken its place. So
// it writes and fetches nothing more, and its job runs again.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock, UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import type { Fetcher } from "../http/fetcher.ts";
import { NEAR_SECONDS } from "../time/judge-clock.ts";
import type { JobErrorCode } from "./job-runner.ts";

interface Run {
  readonly began: UnixSeconds;
  /** Aborted with the error that ends the run. */
  readonly signal: AbortSignal;
}

const runs = new AsyncLocalStorage<Run>();

/** Everything that `work` does with a fenced database and fetcher belongs to a run that began at `now`. */
export function runAt<T>(now: UnixSeconds, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return runs.run({ began: now, signal }, work);
}

/**
 * The database for features: in a run that was aborted each use of it, and the commit of each transaction, rejects with
 * the signal's reason; in one that began more than five minutes ahead of `clock`, with `job_outdated`. Outside of runs it
 * is the database as it is.
 */
export function fenceRuns(database: Database, clock: Clock): Database {
  function requireCurrent(): void {
    const run = runs.getStore();
    if (run === undefined) return;
    run.signal.throwIfAborted();
    if (clock.now() < run.began - NEAR_SECONDS) throw outdated();
  }
  return {
    ...database,
    get db() {
      requireCurrent();
      return database.db;
    },
    async transaction(work, limits) {
      requireCurrent();
      return database.transaction(async (tx) => {
        const result = await work(tx);
        requireCurrent();
        return result;
      }, limits);
    },
    async execute(text, parameters, limits) {
      requireCurrent();
      return database.execute(text, parameters, limits);
    },
    close: () => database.close(),
  };
}

/** The fetcher for features: what a run fetches ends when the run is aborted. */
export function fenceFetches(fetcher: Fetcher): Fetcher {
  return (request) => {
    const run = runs.getStore();
    return fetcher(run === undefined ? request : { ...request, signal: run.signal });
  };
}

function outdated(): CodedError<JobErrorCode> {
  return new CodedError("job_outdated", "the clock went back behind the beginning of the run", {
    remedy: "Nothing: the job runs again by the right time.",
  });
}
