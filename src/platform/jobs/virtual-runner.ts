// Runs jobs under a virtual clock: weeks pass in seconds, in the same order every time.

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Report } from "../observe/report.ts";
import type { VirtualClock } from "../time/virtual-clock.ts";
import { createDueQueue } from "./due-queue.ts";
import type { Job, SubjectWork } from "./job.ts";
import { NEVER, runEachSubject } from "./job-by-subject.ts";

export interface VirtualRunner {
  /** Runs `job` for `owner` from `firstAt` on (default: now) and then at its rhythm. An owner has a job name once. */
  add(owner: string, job: Omit<Job, "duty">, firstAt?: UnixSeconds): void;
  /** Takes one job of `owner` out, or all of them. */
  remove(owner: string, name?: string): void;
  /** Does `action` once at `time`. Its rejection rejects `runUntil`: it belongs to the script, not to a server. */
  at(time: UnixSeconds, name: string, action: (now: UnixSeconds) => void | Promise<void>): void;
  /**
   * Runs everything that is due up to and including `end`, one after the other: by due time, then by order of addition.
   * The subjects of a job take their turns in their order. Then the clock stands at `end`. `onTick` is called whenever the clock has moved. A job that rejects is reported as
   * `job.failed` and runs again when next due.
   */
  runUntil(end: UnixSeconds, onTick?: (now: UnixSeconds) => void | Promise<void>): Promise<void>;
  /** Runs one job at once, besides its rhythm; a rejection is reported in the same way. */
  runNow(owner: string, name: string): Promise<void>;
}

interface Scheduled {
  isCancelled(): boolean;
  run(dueAt: UnixSeconds): Promise<void>;
}

interface ScheduledJob extends Scheduled {
  readonly job: Omit<Job, "duty">;
}

export function createVirtualRunner(options: { clock: VirtualClock; report: Report }): VirtualRunner {
  const { clock, report } = options;
  const queue = createDueQueue<Scheduled>();
  const owners = new Map<string, Map<string, ScheduledJob>>();
  let running = false;

  function add(owner: string, job: Omit<Job, "duty">, firstAt: UnixSeconds = clock.now()): void {
    if (!(Number.isSafeInteger(job.everySeconds) && job.everySeconds > 0)) {
      throw new RangeError(`job ${job.name} needs a rhythm of at least one second`);
    }
    const jobs = owners.get(owner) ?? new Map<string, ScheduledJob>();
    if (jobs.has(job.name)) throw new Error(`${owner} has a job ${job.name} already`);
    const scheduled: ScheduledJob = {
      job,
      isCancelled: () => owners.get(owner)?.get(job.name) !== scheduled,
      async run(dueAt) {
        // Where the clock has jumped on, the missed starts are not made up for.
        queue.add(Math.max(dueAt, clock.now()) + job.everySeconds, scheduled);
        await runReported(owner, job);
      },
    };
    owners.set(owner, jobs.set(job.name, scheduled));
    queue.add(firstAt, scheduled);
  }

  function remove(owner: string, name?: string): void {
    if (name === undefined) owners.delete(owner);
    else owners.get(owner)?.delete(name);
  }

  function at(time: UnixSeconds, name: string, action: (now: UnixSeconds) => void | Promise<void>): void {
    async function run(): Promise<void> {
      try {
        await action(clock.now());
      } catch (error) {
        reportFailure("script.failed", { name }, error);
        throw error;
      }
    }
    queue.add(time, { isCancelled: () => false, run });
  }

  async function runReported(owner: string, job: Omit<Job, "duty">): Promise<void> {
    const waitsFor = job.waitsFor?.() ?? null;
    if (waitsFor !== null) return report({ event: "job.waits", owner, job: job.name, code: waitsFor });
    const { bySubject } = job;
    if (bySubject !== undefined) return runSubjects(owner, job.name, bySubject);
    try {
      await job.run(clock.now());
    } catch (error) {
      reportFailure("job.failed", { owner, job: job.name }, error);
    }
  }

  async function runSubjects(owner: string, name: string, work: SubjectWork): Promise<void> {
    try {
      await runEachSubject(work, clock.now(), {
        runFor: (subject) => work.runFor(subject, clock.now(), NEVER),
        failed: (subject, error) => reportFailure("job.failed", { owner, job: name, subject }, error),
      });
    } catch (error) {
      reportFailure("job.failed", { owner, job: name }, error);
    }
  }

  function reportFailure(event: string, who: Readonly<Record<string, string>>, error: unknown): void {
    report({ ...who, event, level: "error", code: codeOf(error) ?? "unexpected", reason: String(error) });
  }

  async function runDue(end: UnixSeconds, onTick: (now: UnixSeconds) => void | Promise<void>): Promise<void> {
    for (;;) {
      const next = queue.first();
      if (next === undefined || next.dueAt > end) return;
      queue.take();
      if (next.item.isCancelled()) continue;
      await moveTo(next.dueAt, onTick);
      await next.item.run(next.dueAt);
    }
  }

  async function moveTo(time: UnixSeconds, onTick: (now: UnixSeconds) => void | Promise<void>): Promise<void> {
    if (time <= clock.now()) return;
    clock.set(time);
    await onTick(time);
  }

  return {
    add,
    remove,
    at,
    async runUntil(end, onTick = () => undefined) {
      if (running) throw new Error("runUntil is running already");
      running = true;
      try {
        await runDue(end, onTick);
        await moveTo(end, onTick);
      } finally {
        running = false;
      }
    },
    async runNow(owner, name) {
      const scheduled = owners.get(owner)?.get(name);
      if (scheduled === undefined) throw new Error(`${owner} has no job ${name}`);
      await runReported(owner, scheduled.job);
    },
  };
}
