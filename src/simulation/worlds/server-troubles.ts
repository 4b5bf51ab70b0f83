// What troubles a server as a whole: workers that double, jobs that come twice, late or not at all, a wrong clock.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { isEffectFault, type PlannedFault, type ServerFault, type ServerFaultKind } from "../faults/fault.ts";
import type { Injector } from "../faults/injector.ts";
import type { Site } from "./site.ts";

/** How long a clock stays wrong. */
const WRONG_CLOCK_SECONDS = 3 * HOUR;
const HOLDING_UP: readonly ServerFaultKind[] = ["job-late", "jobs-not-for-a-day"];

function isOn({ at, seconds }: Pick<ServerFault, "at" | "seconds">, now: UnixSeconds): boolean {
  return at <= now && now < at + seconds;
}

export interface ServerTroubles {
  /** How far the clock of the site is off, in seconds. */
  clockOffset(now: UnixSeconds): number;
  /** Runs a job of the site as the troubles of the moment let it. */
  runJob(site: Site, job: string, now: UnixSeconds): Promise<void>;
}

export function createServerTroubles(
  siteName: string,
  faults: readonly PlannedFault[],
  injector: Injector,
): ServerTroubles {
  const own = faults.filter((fault): fault is ServerFault => !isEffectFault(fault) && fault.site === siteName);
  const find = (now: UnixSeconds, ...kinds: readonly ServerFaultKind[]) =>
    own.find((fault) => kinds.includes(fault.kind) && isOn(fault, now));
  const clockFault = (now: UnixSeconds) =>
    own.find(({ kind, at }) => kind.startsWith("clock-") && isOn({ at, seconds: WRONG_CLOCK_SECONDS }, now));
  const wrongStart = (now: UnixSeconds) => own.find((fault) => fault.wrongStart !== undefined && isOn(fault, now));

  return {
    clockOffset(now) {
      const started = wrongStart(now)?.wrongStart?.bySeconds ?? 0;
      const fault = clockFault(now);
      if (started !== 0 || fault === undefined) return started;
      return fault.kind === "clock-jumps-ahead" ? fault.seconds : -fault.seconds;
    },
    async runJob(site, job, now) {
      const note = (kind: ServerFaultKind) => injector.note(kind, `${siteName} ${job} run`);
      const heldUp = find(now, ...HOLDING_UP);
      if (heldUp !== undefined) return note(heldUp.kind);
      const wrongClock = clockFault(now);
      if (wrongClock !== undefined) note(wrongClock.kind);
      const doubled = find(now, "two-workers");
      if (doubled !== undefined) note("two-workers");
      await site.runJob(job, doubled === undefined ? 1 : 2);
      if (find(now, "job-twice") === undefined) return;
      note("job-twice");
      await site.runJob(job);
    },
  };
}
