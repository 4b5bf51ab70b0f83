// The workers of one process: one for each of its jobs, and what they have under way.

import { type Clock, MINUTE } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import type { Report } from "../observe/report.ts";
import { scheduleJob } from "./boss-queues.ts";
import type { Job } from "./job.ts";
import { writeRhythm } from "./job-queries.ts";
import { rhythmOf } from "./job-rhythm.ts";
import type { JobQueue } from "./open-boss.ts";
import { type ObserveRun, runRecorded } from "./run-recorded.ts";

export interface WorkersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly report: Report;
  /** Where it is said that a run could not be asked for. */
  readonly reportTrouble: Report;
  readonly observe?: ObserveRun;
}

/** The longest that a run waits where nobody wakes its worker: one asked for by another process, or tried again. */
const SLOWEST_POLL_SECONDS = 5;

export class Workers {
  private readonly queue: JobQueue;
  private readonly options: WorkersOptions;
  private readonly ids = new Map<string, string>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(queue: JobQueue, options: WorkersOptions) {
    this.queue = queue;
    this.options = options;
  }

  async start(job: Job): Promise<void> {
    const { database, observe = (_job, work) => work() } = this.options;
    await writeRhythm(database.db, job.name, job.everySeconds);
    await scheduleJob(this.queue.boss, job);
    const pollingIntervalSeconds = Math.min(Math.max(job.everySeconds / 2, 1), SLOWEST_POLL_SECONDS);
    const worker = await this.queue.boss.work(job.name, { pollingIntervalSeconds }, ([run]) =>
      this.watch(runRecorded({ ...this.options, observe }, job, run?.signal ?? AbortSignal.abort())),
    );
    this.ids.set(job.name, worker);
    // Due at once after a start, unless it ran in this slot; and as long as cron cannot say the period, in every slot.
    await this.askForSlot(job);
    if (rhythmOf(job.everySeconds).kind === "cron") return;
    // A slot that is missed in an outage is found again within a minute.
    const everySeconds = Math.min(job.everySeconds, MINUTE);
    this.timers.push(setInterval(() => void this.watch(this.askForSlot(job)), everySeconds * 1_000));
  }

  async watchClock(): Promise<void> {
    const look = () => this.orReport("job.clock-not-watched", null, () => this.queue.forgetFuture());
    await look();
    this.timers.push(setInterval(() => void this.watch(look()), MINUTE * 1_000));
  }

  wake(name: string): void {
    const worker = this.ids.get(name);
    if (worker !== undefined) this.queue.boss.notifyWorker(worker);
  }

  async close(withinSeconds: number): Promise<void> {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    await this.queue.close(withinSeconds);
    // A run that gave up its lease still writes that down.
    await Promise.allSettled(this.underWay);
  }

  /** At most one run for each slot of the job's period, whichever process asks. */
  private askForSlot({ name, everySeconds }: Job): Promise<void> {
    return this.orReport("job.not-asked", name, async () => {
      // One that runs, or waits to be tried again, goes first: back-off would be none if new ones came between.
      if (await this.queue.hasUnended(name)) return;
      if ((await this.queue.boss.send(name, null, { singletonSeconds: everySeconds })) !== null) this.wake(name);
    });
  }

  private async orReport(event: string, job: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const code = codeOf(error) ?? "unexpected";
      this.options.reportTrouble({ event, level: "warn", job, code, why: String(error) });
    }
  }

  private async watch(work: Promise<void>): Promise<void> {
    this.underWay.add(work);
    try {
      await work;
    } finally {
      this.underWay.delete(work);
    }
  }
}
