// The clock of a process beside those of others: of its database's machine, and of the processes before it.

import { isoTime } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { isNear } from "../../platform/time/judge-clock.ts";
import { type ClockWatch, type ClockWatchDeps, createClockWatch } from "../clock/watch-clock.ts";

export type StartClockErrorCode =
  /** This machine's clock and the database's do not agree. */
  "clock_differs";

export interface StartClockOptions extends ClockWatchDeps {
  /** An operator's word at the start, against which no other clock counts. */
  readonly isCalledRight: boolean;
}

/**
 * Behind the migrations, before the first job. Throws `clock_differs`, so that nothing is done at a time that may be
 * wrong, and the database's codes. What was seen last only raises doubt: it refuses no start.
 */
export async function startClock({ isCalledRight, ...deps }: StartClockOptions): Promise<ClockWatch> {
  const watch = createClockWatch(deps);
  if (isCalledRight) {
    await watch.callRight();
    return watch;
  }
  await requireAgreement(deps);
  await watch.look();
  return watch;
}

async function requireAgreement({ clock, databaseClock }: ClockWatchDeps): Promise<void> {
  const there = (await databaseClock?.read()) ?? null;
  const here = clock.machineNow();
  if (there === null || isNear(there, here)) return;
  throw new CodedError<StartClockErrorCode>(
    "clock_differs",
    `here it is ${isoTime(here)}, at the database it is ${isoTime(there)}`,
    {
      remedy:
        "Set the clocks of both machines right, then start again; nothing was done. Where this machine's is right: `enks serve --clock-is-right`.",
    },
  );
}
