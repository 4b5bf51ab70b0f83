// A run of a job works by one instant. Where the clock goes back behind it meanwhile, what the run still wants to write
// would undo what was put back; so it writes nothing more, and its job runs again by the right time.

import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock, UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import { NEAR_SECONDS } from "../time/judge-clock.ts";
import type { JobErrorCode } from "./job-runner.ts";

const runs = new AsyncLocalStorage<UnixSeconds>();

/** Everything that `work` does with a fenced database belongs to a run that began at `now`. */
export function runAt<T>(now: UnixSeconds, work: () => Promise<T>): Promise<T> {
  return runs.run(now, work);
}

/**
 * The database for features: in a run that began more than five minutes ahead of `clock` each use of it, and the commit of
 * each transaction, rejects with `job_outdated`. Outside of runs it is the database as it is.
 */
export function fenceRuns(database: Database, clock: Clock): Database {
  function requireCurrent(): void {
    const began = runs.getStore();
    if (began !== undefined && clock.now() < began - NEAR_SECONDS) throw outdated();
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

function outdated(): CodedError<JobErrorCode> {
  return new CodedError("job_outdated", "the clock went back behind the beginning of the run", {
    remedy: "Nothing: the job runs again by the right time.",
  });
}
