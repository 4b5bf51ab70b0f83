// A job is a name, a rhythm and a function that does everything that is due and returns.

import type { UnixSeconds } from "../../core/clock.ts";

/** What a process of a server may be there for besides its listeners; a job runs where its duty is. */
export const JOB_DUTIES = ["import", "export", "mirror", "publish", "clean-up"] as const;
export type JobDuty = (typeof JOB_DUTIES)[number];

export interface Job {
  /** Unique in a server: "export", "import-discover". */
  readonly name: string;
  readonly duty: JobDuty;
  /** How long from one start to the next, in seconds. */
  readonly everySeconds: number;
  /** Safe to repeat and to run twice at once. A rejection is reported, and the job runs again when next due. */
  run(now: UnixSeconds): Promise<void>;
}
