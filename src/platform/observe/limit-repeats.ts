// A report that says the same thing only so often: in an outage every worker, and every request, fails in the same way.

import { type Clock, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Report, ReportedEvent } from "./report.ts";

/** What each single request of strangers can make a server say. */
export const OF_REQUESTS: ReadonlySet<string> = new Set([
  "publish.failed",
  "publish.statistics-failed",
  "publish.too-many-requests",
  "publish.proxy-untrusted",
  "object-server.request-failed",
  "admin.request-failed",
]);

/**
 * Events of one name and code pass at most once a minute; the next that passes says in `repeated` how many did not. With
 * `only`, all others pass.
 */
export function limitRepeats(report: Report, clock: Pick<Clock, "now">, only?: ReadonlySet<string>): Report {
  const said = new Map<string, { at: UnixSeconds; repeated: number }>();
  return (event) => {
    if (only !== undefined && !only.has(event.event)) return report(event);
    const what = `${event.event} ${event["code"]}`;
    const now = clock.now();
    const last = said.get(what);
    // However far a clock jumps back: it does not silence the report.
    if (last !== undefined && Math.abs(now - last.at) < MINUTE) {
      last.repeated++;
      return;
    }
    said.set(what, { at: now, repeated: 0 });
    report(last === undefined || last.repeated === 0 ? event : withCount(event, last.repeated));
  };
}

function withCount(event: ReportedEvent, repeated: number): ReportedEvent {
  return { ...event, repeated };
}
