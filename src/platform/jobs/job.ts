// A job is a name, a rhythm and a function that does everything that is due and returns.

import type { UnixSeconds } from "../../core/clock.ts";
import type { ClockNeed } from "../time/clock-trust.ts";

/** What a process of a server may be there for besides its listeners; a job runs where its duty is. */
export const JOB_DUTIES = ["import", "export", "mirror", "publish", "clean-up"] as const;
export type JobDuty = (typeof JOB_DUTIES)[number];

export interface Job {
  /** Unique in a server: "export", "import-discover". */
  readonly name: string;
  readonly duty: JobDuty;
  /** How long from one start to the next, in seconds. */
  readonly everySeconds: number;
  /** What it needs of the clock, below which it is not started; by default the most, `destroying`. */
  readonly needs?: ClockNeed;
  /**
   * Why the job cannot begin now, as a code; null: it can. Whatever runs jobs asks before it begins one; `run` rejects
   * with the same code where it is not asked.
   */
  waitsFor?(): string | null;
  /** Safe to repeat and to run twice at once. A rejection is reported, and the job runs again when next due. */
  run(now: UnixSeconds): Promise<void>;
}
