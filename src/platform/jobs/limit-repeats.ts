// A report that says the same thing only so often: in an outage every worker fails at every poll.

import { type Clock, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Report } from "../observe/report.ts";

/** Events of one name and code pass at most once a minute. */
export function limitRepeats(report: Report, clock: Clock): Report {
  const saidAt = new Map<string, UnixSeconds>();
  return (event) => {
    const what = `${event.event} ${event["code"]}`;
    const now = clock.now();
    // However far a clock jumps back: it does not silence the report.
    if (Math.abs(now - (saidAt.get(what) ?? -MINUTE)) < MINUTE) return;
    saidAt.set(what, now);
    report(event);
  };
}
