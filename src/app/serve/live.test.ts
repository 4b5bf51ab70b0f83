// A life on a clock of the test's own: what is done when, and that each way out ends at its bound.

import { expect, test } from "vitest";
import type { LifeEvent } from "./life-cycle.ts";
import { type LifeWork, live } from "./live.ts";

const LIMITS = { start: 900, drain: 10, stop: 25 };

function begin(work: Partial<LifeWork> = {}) {
  const done: string[] = [];
  const timers = new Set<{ at: number; run: () => void }>();
  let now = 0;
  const life = live(
    {
      start: async () => undefined,
      drain: () => void done.push(`${now} drain`),
      close: async () => void done.push(`${now} close`),
      end: (exitCode: number, why: LifeEvent["kind"]) => void done.push(`${now} end ${exitCode} ${why}`),
      ...work,
    },
    LIMITS,
    (milliseconds, run) => {
      const timer = { at: now + milliseconds, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    () => new Error("overdue"),
  );
  return {
    life,
    done,
    waiting: () => timers.size,
    /** Lets the time pass, and everything that follows from it. */
    pass: async (milliseconds: number) => {
      for (const until = now + milliseconds; now < until; ) {
        now++;
        for (const timer of [...timers].filter(({ at }) => at <= now)) {
          timers.delete(timer);
          timer.run();
        }
        await settle();
      }
    },
  };
}

/** Runs what promises have ready. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));
const never = () => new Promise<never>(() => undefined);

test("it serves on while it drains, then closes and ends with 0", async () => {
  const { life, done, pass } = begin();
  await life.started;
  life.tell({ kind: "stop-asked", drains: true });
  expect([life.phase(), done]).toEqual(["draining", ["0 drain"]]);
  await pass(9);
  expect(life.phase()).toBe("draining");
  await pass(1);
  expect([life.phase(), done]).toEqual(["stopped", ["0 drain", "10 close", "10 end 0 closed"]]);
});

test("a start that has ended is not bounded any more", async () => {
  const { life, waiting } = begin();
  await life.started;
  await settle();
  expect(waiting()).toBe(0);
});

test("a start that fails closes what was opened, and ends with 1", async () => {
  const { life, done } = begin({ start: async () => Promise.reject(new Error("no")) });
  await expect(life.started).rejects.toThrow("no");
  await settle();
  expect(done).toEqual(["0 close", "0 end 1 closed"]);
});

test("a start that hangs is given up after its time, its closing after that of a stop", async () => {
  const { life, done, pass } = begin({ start: never });
  const failed = expect(life.started).rejects.toThrow("overdue");
  await pass(900);
  await failed;
  expect([life.phase(), done]).toEqual(["stopping", []]);
  await pass(25);
  expect(done).toEqual(["925 end 1 stop-overdue"]);
});

test("a wish to stop breaks off the start, and waits for the step that is under way before it closes", async () => {
  const step = Promise.withResolvers<void>();
  let brokenOff: AbortSignal | undefined;
  const { life, done, pass } = begin({
    async start(signal) {
      brokenOff = signal;
      await step.promise;
      signal.throwIfAborted();
    },
  });
  const failed = expect(life.started).rejects.toThrow();
  life.tell({ kind: "stop-asked", drains: true });
  await pass(5);
  expect([brokenOff?.aborted, done]).toEqual([true, []]);
  step.resolve();
  await failed;
  await settle();
  expect(done).toEqual(["5 close", "5 end 0 closed"]);
});

test("closing that hangs is left at the bound, which the drain is part of", async () => {
  const { life, done, pass } = begin({ close: never });
  await life.started;
  life.tell({ kind: "stop-asked", drains: true });
  await pass(24);
  expect(done).toEqual(["0 drain"]);
  await pass(1);
  expect(done).toEqual(["0 drain", "25 end 1 stop-overdue"]);
});

test("a second wish ends it at once, a crash too", async () => {
  for (const [kind, exitCode] of [
    ["end-asked", 130],
    ["crashed", 1],
  ] as const) {
    const { life, done } = begin();
    await life.started;
    life.tell({ kind: "stop-asked", drains: true });
    life.tell({ kind });
    expect(done).toEqual(["0 drain", `0 end ${exitCode} ${kind}`]);
  }
});
