// The queues of the job library: one for each job, which its subjects share, and one for the runs that failed for good.

import type { PgBoss, Queue } from "pg-boss";
import { DAY, HOUR } from "../../core/clock.ts";
import type { Job } from "./job.ts";
import { rhythmOf } from "./job-rhythm.ts";

export const DEAD_LETTERS = "dead-letters";

export interface Lease {
  /** A worker that died loses its lease after this time, plus one round of supervision; at least 10. */
  readonly heartbeatSeconds: number;
  /** A run that hangs loses its lease after this time; its late effects are refused by the features' own fences. */
  readonly longestRunSeconds: number;
}

/** Ended runs that are kept: so many periods, within bounds. */
const KEPT_RUNS = 200;
const KEPT_SECONDS = 14 * DAY;

/** Makes or updates the queues; several processes may do it at once. */
export async function prepareQueues(
  boss: PgBoss,
  jobs: readonly Job[],
  lease: Lease,
  retryLimit: number,
): Promise<void> {
  await ensureQueue(boss, DEAD_LETTERS, {
    policy: "standard",
    retentionSeconds: KEPT_SECONDS,
    deleteAfterSeconds: KEPT_SECONDS,
  });
  for (const job of jobs) {
    await ensureQueue(boss, job.name, {
      // At most one run at work and one waiting of each subject, in all processes together.
      policy: "stately",
      retryLimit,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: Math.max(1, Math.min(job.everySeconds, HOUR)),
      heartbeatSeconds: lease.heartbeatSeconds,
      expireInSeconds: lease.longestRunSeconds,
      deleteAfterSeconds: Math.min(Math.max(job.everySeconds * KEPT_RUNS, HOUR), KEPT_SECONDS),
      deadLetter: DEAD_LETTERS,
    });
  }
}

/**
 * Has the next runs asked for by cron where it can say the period; a changed period takes the place of the old one.
 * Cron's runs count in the same slots as all others, and the last one that fell into an outage is made up for.
 */
export async function scheduleJob(boss: PgBoss, job: Job): Promise<void> {
  const rhythm = rhythmOf(job.everySeconds);
  if (rhythm.kind === "slots" || job.bySubject !== undefined) return boss.unschedule(job.name);
  const options = { tz: "UTC", missed: "once", singletonSeconds: job.everySeconds } as const;
  return boss.schedule(job.name, rhythm.cron, null, options);
}

async function ensureQueue(boss: PgBoss, name: string, options: Omit<Queue, "name">): Promise<void> {
  await boss.createQueue(name, options);
  const { policy: _policy, ...changeable } = options;
  await boss.updateQueue(name, changeable);
}
