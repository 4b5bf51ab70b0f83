// How a job's period is kept: by cron where cron can say it, by time slots where not.

import { DAY, HOUR, MINUTE } from "../../core/clock.ts";

export type JobRhythm =
  | { readonly kind: "cron"; readonly cron: string }
  /** Each slot of so many seconds gets one run, whichever process asks first. */
  | { readonly kind: "slots"; readonly seconds: number };

/** Cron knows minutes that divide an hour, hours that divide a day, and a day; everything else goes by slots. */
export function rhythmOf(everySeconds: number): JobRhythm {
  if (everySeconds === DAY) return { kind: "cron", cron: "0 0 * * *" };
  if (everySeconds % HOUR === 0 && DAY % everySeconds === 0) {
    return { kind: "cron", cron: `0 */${everySeconds / HOUR} * * *` };
  }
  if (everySeconds % MINUTE === 0 && HOUR % everySeconds === 0) {
    return { kind: "cron", cron: `*/${everySeconds / MINUTE} * * * *` };
  }
  return { kind: "slots", seconds: everySeconds };
}
