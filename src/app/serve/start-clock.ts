// The clock of a process beside those of others: of its database's machine, and of the processes before it.

import { type Clock, isoTime, MINUTE } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { readLastRunAt } from "../../platform/jobs/job-queries.ts";
import type { SteadyClock } from "../../platform/time/steady-clock.ts";

export type StartClockErrorCode =
  /** This machine's clock and the database's do not agree. */
  "clock_differs";

const BEARABLE_SECONDS = 5 * MINUTE;

/** Behind the migrations. Throws `clock_differs`, so that nothing is done at a time that may be wrong. */
export async function startClock(clock: SteadyClock, database: Database): Promise<void> {
  const seen = await readLastRunAt(database.db);
  if (seen !== null) clock.startFrom(seen);
  if (database.kind === "postgres") await requireAgreement(clock, database);
}

async function requireAgreement(clock: Clock, database: Database): Promise<void> {
  const [row] = await database.execute("select extract(epoch from clock_timestamp())::bigint as now", []);
  const there: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "now") : null;
  const here = clock.now();
  if (typeof there !== "number" || Math.abs(there - here) <= BEARABLE_SECONDS) return;
  throw new CodedError<StartClockErrorCode>(
    "clock_differs",
    `here it is ${isoTime(here)}, at the database it is ${isoTime(there)}`,
    { remedy: "Set the clocks of both machines right, then start again. Nothing was done." },
  );
}
