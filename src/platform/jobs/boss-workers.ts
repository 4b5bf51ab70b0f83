// The workers of one process: those of each of its jobs, and what they have under way.

import type { Job as QueuedRun } from "pg-boss";
import { type Clock, MINUTE } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import type { Report } from "../observe/report.ts";
import { askForEachSubject, askForMore, askForSlot, subjectOf } from "./ask-for-runs.ts";
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
const SUBJECTS_AT_ONCE = 4;

export class Workers {
  private readonly queue: JobQueue;
  private readonly options: WorkersOptions;
  /** Of each job. */
  private readonly ids = new Map<string, readonly string[]>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<void>>();
  private isClosing = false;

  constructor(queue: JobQueue, options: WorkersOptions) {
    this.queue = queue;
    this.options = options;
  }

  async start(job: Job): Promise<void> {
    await writeRhythm(this.options.database.db, job.name, job.everySeconds);
    await scheduleJob(this.queue.boss, job);
    this.ids.set(job.name, await this.startWorkers(job));
    // Due at once after a start, unless it ran in this slot; and as long as cron cannot say the period, in every slot.
    await this.ask(job);
    if (job.bySubject !== undefined) return this.askAgain(job);
    if (rhythmOf(job.everySeconds).kind === "slots") this.askAgain(job);
  }

  async watchClock(): Promise<void> {
    const look = () => this.orReport("job.clock-not-watched", null, () => this.queue.forgetFuture());
    await look();
    this.repeat("clock", () => MINUTE * 1_000, look);
  }

  wake(name: string): void {
    for (const worker of this.ids.get(name) ?? []) this.queue.boss.notifyWorker(worker);
  }

  async close(withinSeconds: number): Promise<void> {
    this.isClosing = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.queue.close(withinSeconds);
    // A run that gave up its lease still writes that down.
    await Promise.allSettled(this.underWay);
  }

  /** Of a job by subject there are several, of which the last one does nothing that was slow the last time. */
  private async startWorkers(job: Job): Promise<string[]> {
    const pollingIntervalSeconds = Math.min(Math.max(job.everySeconds / 2, 1), SLOWEST_POLL_SECONDS);
    const count = job.bySubject === undefined ? 1 : (job.bySubject.atOnce ?? SUBJECTS_AT_ONCE);
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const options = { pollingIntervalSeconds, ...(at > 0 && at === count - 1 ? { minPriority: 0 } : {}) };
      const work = async ([run]: QueuedRun<unknown>[]) => {
        if (run === undefined) return;
        // Another subject may wait: the worker looks again without a pause.
        if (job.bySubject !== undefined) this.queue.boss.notifyWorker(ids[at] ?? "");
        await this.watch(this.work(job, run));
      };
      ids.push(await this.queue.boss.work<unknown>(job.name, options, work));
    }
    return ids;
  }

  private async work(job: Job, run: QueuedRun<unknown>): Promise<void> {
    const { observe = (_job, work) => work() } = this.options;
    const subject = subjectOf(run.data);
    // Asked for before the job had subjects.
    if (job.bySubject !== undefined && subject === null) return this.ask(job);
    const end = await runRecorded({ ...this.options, observe }, job, subject, run.signal);
    if (end === "done" || subject === null || this.isClosing) return;
    await this.orReport("job.not-asked", job.name, () => askForMore(this.queue.boss, job.name, subject));
    this.wake(job.name);
  }

  private ask(job: Job): Promise<void> {
    return this.orReport("job.not-asked", job.name, async () => {
      const isAsked =
        job.bySubject === undefined
          ? await askForSlot(this.queue, job)
          : await askForEachSubject(this.queue, this.options.database, job, job.bySubject, this.options.clock.now());
      if (isAsked) this.wake(job.name);
    });
  }

  /** A slot that is missed in an outage is found again within a minute, and so is a new subject. */
  private askAgain(job: Job): void {
    const untilNextSlot = () => job.everySeconds - (this.options.clock.now() % job.everySeconds);
    const pause = () => Math.min(job.everySeconds, MINUTE, job.bySubject === undefined ? MINUTE : untilNextSlot());
    this.repeat(
      job.name,
      () => pause() * 1_000,
      () => this.ask(job),
    );
  }

  private repeat(name: string, milliseconds: () => number, work: () => Promise<void>): void {
    if (this.isClosing) return;
    const again = () => {
      this.repeat(name, milliseconds, work);
      void this.watch(work());
    };
    this.timers.set(name, setTimeout(again, milliseconds()));
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
