// A job is a name, a rhythm and a function that does everything that is due and returns.

import type { UnixSeconds } from "../../core/clock.ts";

export interface Job {
  /** Unique in a server: "export", "import-discover". */
  readonly name: string;
  /** How long from one start to the next, in seconds. */
  readonly everySeconds: number;
  /** Safe to repeat and to run twice at once. A rejection is reported, and the job runs again when next due. */
  run(now: UnixSeconds): Promise<void>;
}
