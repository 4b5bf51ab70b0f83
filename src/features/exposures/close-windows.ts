// Closing windows: from then on no key is released into them, and no save is under way that still might.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { Pace } from "../../platform/time/pace.ts";
import type { ExposuresErrorCode } from "./exposure-types.ts";
import { areDrained, noteDrained, raiseHorizon, readHorizon } from "./horizon-queries.ts";

declare const closed: unique symbol;

/** An end of windows up to which everything that will ever be released is committed; only `closeWindows` makes one. */
export type ClosedEnd = UnixSeconds & { readonly [closed]: true };

const FIRST_REST_MILLISECONDS = 5;
const LONGEST_REST_MILLISECONDS = 250;
/** A transaction that saves takes seconds, and a frozen one is ended by the server within a minute. */
export const LONGEST_WAIT_MILLISECONDS = 120_000;

/**
 * Closes all windows up to `end`. Later saves go behind it without waiting; those that began before are waited for, also
 * those that an earlier closer left, who died. Throws `saves_under_way` where they do not end.
 */
export async function closeWindows(database: Database, end: UnixSeconds, pace: Pace): Promise<ClosedEnd> {
  const { db } = database;
  await raiseHorizon(db, end);
  // Behind the commit: the current generation sees at least this horizon, and any before it perhaps not.
  const { generation, drainedGeneration } = await readHorizon(db);
  if (drainedGeneration < generation - 1) await drain(db, generation - 1, pace);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where it is true
  return end as ClosedEnd;
}

async function drain(db: Db, last: number, pace: Pace): Promise<void> {
  const begun = pace.milliseconds();
  let rest = FIRST_REST_MILLISECONDS;
  while (!(await areDrained(db, last))) {
    if (pace.milliseconds() - begun > LONGEST_WAIT_MILLISECONDS) throw underWay();
    await pace.wait(rest);
    rest = Math.min(rest * 2, LONGEST_REST_MILLISECONDS);
  }
  await noteDrained(db, last);
}

function underWay(): CodedError<ExposuresErrorCode> {
  return new CodedError("saves_under_way", "saves that began before the window was closed have not ended", {
    remedy:
      "The next run waits again, and nothing is lost. Look in pg_stat_activity for a transaction that does not end.",
  });
}
