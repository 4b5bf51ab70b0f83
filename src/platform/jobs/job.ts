// A job is a name, a rhythm and a function that does everything that is due and returns; or does it subject by subject.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../database/database.ts";
import type { ClockNeed } from "../time/clock-trust.ts";

/** What a process of a server may be there for besides its listeners; a job runs where its duty is. */
export const JOB_DUTIES = ["import", "export", "mirror", "publish", "clean-up"] as const;
export type JobDuty = (typeof JOB_DUTIES)[number];

export interface Job {
  /** Unique in a server: "export", "import-discover". */
  readonly name: string;
  readonly duty: JobDuty;
  /** How long from one start to the next, in seconds; of each subject for itself. */
  readonly everySeconds: number;
  /** What it needs of the clock, below which it is not started; by default the most, `destroying`. */
  readonly needs?: ClockNeed;
  /**
   * Why the job cannot begin now, as a code; null: it can. Whatever runs jobs asks before it begins one; a run rejects
   * with the same code where it is not asked.
   */
  waitsFor?(): string | null;
  /**
   * Everything that is due, of all subjects. Safe to repeat and to run twice at once. A rejection is reported, and the job
   * runs again when next due. `signal` is aborted when the run counts no longer, as when its lease is lost.
   */
  run(now: UnixSeconds, signal?: AbortSignal): Promise<void>;
  /** Where there are several subjects of which none may keep another waiting; see `jobBySubject`. */
  readonly bySubject?: SubjectWork;
}

/** `more`: the run reached its limit of time or work; what is left is for another one, behind those of other subjects. */
export type RunEnd = "done" | "more";

/** The same work on several subjects, each with runs, failures and dead letters of its own: a source, a mirror. */
export interface SubjectWork {
  /** Most runs at once in one process; default 4. The last one is kept for subjects that were quick the last time. */
  readonly atOnce?: number;
  /** The names of those that may have something due, in the order of a walk through all of them; `db`: as a transaction sees it. */
  readonly subjects: (now: UnixSeconds, db?: Db) => Promise<readonly string[]>;
  /** Everything that is due for one, within its limits; nothing where there is no such subject any more. */
  readonly runFor: (subject: string, now: UnixSeconds, signal: AbortSignal) => Promise<RunEnd>;
}
