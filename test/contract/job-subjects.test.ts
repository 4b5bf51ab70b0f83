// Jobs by subject, in the server's own database, on the embedded one and on PostgreSQL alike.

import { afterEach, expect, test, vi } from "vitest";
import { CodedError } from "../../src/core/coded-error.ts";
import { jobMigrations } from "../../src/platform/jobs/boss-runner.ts";
import type { Job, RunEnd, SubjectWork } from "../../src/platform/jobs/job.ts";
import { jobBySubject } from "../../src/platform/jobs/job-by-subject.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { ask, ended, HOURLY, start, WITHOUT_WORKERS } from "../support/job-runners.ts";
import { PATIENCE } from "../support/patience.ts";

const TEN = Array.from({ length: 10 }, (_, at) => `s${at}`);

function jobOf(work: Pick<SubjectWork, "runFor"> & Partial<SubjectWork>, everySeconds = HOURLY): Job {
  return jobBySubject({ name: "look", duty: "import", everySeconds, subjects: async () => TEN, ...work });
}

const isHanging = (subject: string) => subject < "s6";

/** What hangs in a test ends with it. */
const release = new Set<() => void>();
function hang(): Promise<RunEnd> {
  const { promise, resolve } = Promise.withResolvers<RunEnd>();
  release.add(() => resolve("done"));
  return promise;
}
afterEach(() => {
  for (const end of release) end();
  release.clear();
});

describeOnEachDatabase("a job by subject", (open) => {
  test("two processes share ten, each once in a slot, and one that hangs keeps no other waiting", async () => {
    const database = await open([jobMigrations]);
    const ran: string[] = [];
    const job = jobOf({
      runFor: async (subject) => {
        ran.push(subject);
        return subject === "s0" ? hang() : "done";
      },
    });
    await using processes = new AsyncDisposableStack();
    processes.defer(() => {
      for (const end of release) end();
    });
    processes.use(await start(database, [job]));
    const runner = processes.use(await start(database, [job]));
    await vi.waitFor(() => expect(ran.toSorted()).toEqual(TEN), PATIENCE);

    const nine = TEN.slice(1);
    for (const subject of nine) await ended(runner, "look", await ask(runner, "look", { subject }));
    expect(ran.toSorted()).toEqual([...TEN, ...nine].toSorted());
    const [look] = await runner.list();
    expect(look?.subjects?.map(({ isRunning, runs }) => [isRunning, runs])).toEqual([
      [true, 1],
      ...nine.map(() => [false, 2]),
    ]);
  });

  test("many subjects that are quick follow each other without a pause", async () => {
    const database = await open([jobMigrations]);
    const many = Array.from({ length: 100 }, (_, at) => `s${at}`);
    const ran: string[] = [];
    const job = jobOf({
      atOnce: 1,
      subjects: async () => many,
      runFor: async (subject) => {
        ran.push(subject);
        return "done";
      },
    });
    await using processes = new AsyncDisposableStack();
    processes.use(await start(database, [job]));
    // With a pause behind each it were longer than the patience.
    await vi.waitFor(() => expect(ran.toSorted()).toEqual(many.toSorted()), PATIENCE);
  });

  test("of one subject one run is at work and one waits, in all processes together", async () => {
    const database = await open([jobMigrations]);
    const [atWork, most] = [new Map<string, number>(), new Map<string, number>()];
    const job = jobOf({
      async runFor(subject) {
        const count = (atWork.get(subject) ?? 0) + 1;
        atWork.set(subject, count);
        most.set(subject, Math.max(most.get(subject) ?? 0, count));
        await new Promise((resolve) => setImmediate(resolve));
        atWork.set(subject, count - 1);
        return "done";
      },
    });
    await using asking = await start(database, [job], WITHOUT_WORKERS);
    const [first, second] = [await asking.run("look"), await asking.run("look")];
    expect(first.map(({ subject }) => subject)).toEqual(TEN);
    expect(second).toEqual(first);

    await using processes = new AsyncDisposableStack();
    for (let at = 0; at < 2; at++) processes.use(await start(database, [job]));
    for (const { id } of [...first, ...(await asking.run("look"))]) await ended(asking, "look", id);
    expect([...most.values()].every((count) => count === 1)).toBe(true);
  });

  test("many that hang leave a worker to those that were quick, in one process alone", async () => {
    const database = await open([jobMigrations]);
    const subjects = [...TEN];
    const job = jobOf({
      subjects: async () => subjects,
      runFor: async (subject) => (isHanging(subject) ? hang() : "done"),
    });
    // As if each of the six had hung before.
    const hung = jobOf({ runFor: (subject) => (isHanging(subject) ? Promise.reject(new Error("it hung")) : good) });
    const good = Promise.resolve<RunEnd>("done");
    const before = await start(database, [hung], { retryLimit: 0 });
    await vi.waitFor(
      async () => expect((await before.list())[0]?.subjects?.every(({ runs }) => runs > 0)).toBe(true),
      PATIENCE,
    );
    await before.close(5);

    await using processes = new AsyncDisposableStack();
    processes.defer(() => {
      for (const end of release) end();
    });
    const quick = { ...job, everySeconds: 2 };
    const runner = processes.use(await start(database, [quick]));
    await vi.waitFor(async () => {
      const states = (await runner.list())[0]?.subjects ?? [];
      expect(states.filter(({ isRunning }) => isRunning)).toHaveLength(3);
      expect(states.filter(({ subject, runs }) => !isHanging(subject) && runs >= 3)).toHaveLength(4);
    }, PATIENCE);
  });

  test("what is left when a run has reached its limits is done behind the others", async () => {
    const database = await open([jobMigrations]);
    const ran: string[] = [];
    const job = jobOf({
      atOnce: 1,
      subjects: async () => ["long", "short"],
      async runFor(subject) {
        ran.push(subject);
        return subject === "long" && ran.filter((one) => one === "long").length < 3 ? "more" : "done";
      },
    });
    await using processes = new AsyncDisposableStack();
    processes.use(await start(database, [job]));
    await vi.waitFor(() => expect(ran).toHaveLength(4), PATIENCE);
    expect(ran.indexOf("short")).toBeLessThan(2);
  });

  test("one that fails is tried again by itself, and its dead letter names it", async () => {
    const database = await open([jobMigrations]);
    const ran: string[] = [];
    const job = jobOf({
      subjects: async () => ["bad", "good"],
      runFor: async (subject) => {
        ran.push(subject);
        if (subject === "bad") throw new CodedError("disk_full", "there is no room");
        return "done";
      },
    });
    await using runner = await start(database, [job], { retryLimit: 1 });
    const letters = await vi.waitFor(async () => {
      const { items } = await runner.deadLetters(10, null);
      expect(items).toHaveLength(1);
      return items;
    }, PATIENCE);
    expect(letters).toMatchObject([{ job: "look", subject: "bad", code: "disk_full" }]);
    expect(ran.toSorted()).toEqual(["bad", "bad", "good"]);
    expect(await runner.list()).toMatchObject([
      {
        lastOutcome: "failed",
        lastCode: "disk_full",
        subjects: [
          { subject: "bad", lastOutcome: "failed", failures: 2 },
          { subject: "good", lastOutcome: "succeeded", failures: 0 },
        ],
      },
    ]);
  });

  test("one that is gone is shown no more and not asked for, and a new one begins within its slot", async () => {
    const database = await open([jobMigrations]);
    let subjects = ["old"];
    const ran: string[] = [];
    const job = jobOf(
      {
        subjects: async () => subjects,
        runFor: async (subject) => {
          ran.push(subject);
          return "done";
        },
      },
      2,
    );
    await using runner = await start(database, [job]);
    await vi.waitFor(() => expect(ran).toContain("old"), PATIENCE);
    subjects = ["new"];
    await vi.waitFor(() => expect(ran).toContain("new"), PATIENCE);
    const known = async () => (await runner.list())[0]?.subjects?.map(({ subject, runs }) => [subject, runs > 0]);
    await vi.waitFor(async () => expect(await known()).toEqual([["new", true]]), PATIENCE);
    await expect(runner.run("look", { subject: "old" })).rejects.toMatchObject({ code: "job_subject_unknown" });
  });

  test("a run that has lost its lease is aborted, and another takes its place", async () => {
    const database = await open([jobMigrations]);
    const signals: AbortSignal[] = [];
    const job = jobOf({
      subjects: async () => ["s0"],
      runFor: async (_subject, _now, signal) => {
        signals.push(signal);
        return signals.length === 1 ? hang() : "done";
      },
    });
    await using runner = await start(database, [job], { lease: { heartbeatSeconds: 10, longestRunSeconds: 1 } });
    await vi.waitFor(() => expect(signals).toHaveLength(2), PATIENCE);
    expect(signals[0]?.aborted).toBe(true);
    expect(signals[0]?.reason).toMatchObject({ code: "job_lease_lost" });
    await vi.waitFor(
      async () => expect(await runner.list()).toMatchObject([{ subjects: [{ lastOutcome: "succeeded" }] }]),
      PATIENCE,
    );
    expect(signals[1]?.aborted).toBe(false);
  });
});
