// The queues of the job library: one for each job, and one for the runs that failed for good.

import type { PgBoss, Queue } from "pg-boss";
import { DAY, HOUR } from "../../core/clock.ts";
import type { Job } from "./job.ts";
import { rhythmOf } from "./job-rhythm.ts";

export const DEAD_LETTERS = "dead-letters";

/** A worker that died is noticed after this time, plus one round of supervision. */
const HEARTBEAT_SECONDS = 30;
/** A run that hangs loses its lease; its late effects are refused by the feature's own fences. */
const LONGEST_RUN_SECONDS = 2 * HOUR;
/** Ended runs that are kept: so many periods, within bounds. */
const KEPT_RUNS = 200;

/** Makes or updates the queues; several processes may do it at once. */
export async function prepareQueues(boss: PgBoss, jobs: readonly Job[]): Promise<void> {
  await ensureQueue(boss, DEAD_LETTERS, {
    policy: "standard",
    retentionSeconds: 30 * DAY,
    deleteAfterSeconds: 30 * DAY,
  });
  for (const job of jobs) {
    await ensureQueue(boss, job.name, {
      // At most one run at work and one waiting, in all processes together.
      policy: "stately",
      retryLimit: 3,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: Math.max(1, Math.min(job.everySeconds, HOUR)),
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: LONGEST_RUN_SECONDS,
      deleteAfterSeconds: Math.min(Math.max(job.everySeconds * KEPT_RUNS, HOUR), 14 * DAY),
      deadLetter: DEAD_LETTERS,
    });
  }
}

/** The next run is asked for by cron, or by whoever is first in a slot; a changed period takes the place of the old one. */
export async function scheduleJob(boss: PgBoss, job: Job): Promise<void> {
  const rhythm = rhythmOf(job.everySeconds);
  if (rhythm.kind === "cron") await boss.schedule(job.name, rhythm.cron, null, { tz: "UTC" });
  else await boss.unschedule(job.name);
}

async function ensureQueue(boss: PgBoss, name: string, options: Omit<Queue, "name">): Promise<void> {
  await boss.createQueue(name, options);
  const { policy: _policy, ...changeable } = options;
  await boss.updateQueue(name, changeable);
}
