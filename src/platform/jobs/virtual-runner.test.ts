// Jobs under virtual time: rhythm, order, failures.

import { describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import type { ReportedEvent } from "../observe/report.ts";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { jobBySubject } from "./job-by-subject.ts";
import { createVirtualRunner } from "./virtual-runner.ts";

function setUp(start = 1_000) {
  const clock = createVirtualClock(start);
  const reported: ReportedEvent[] = [];
  const runner = createVirtualRunner({ clock, report: (event) => reported.push(event) });
  const ran: string[] = [];
  const job = (name: string, everySeconds: number) => ({
    name,
    everySeconds,
    run: async (now: number) => void ran.push(`${name}@${now}`),
  });
  return { clock, reported, runner, ran, job };
}

describe("rhythm", () => {
  test("a job runs from its first time on, then every so many seconds, the end included", async () => {
    const { runner, ran, job, clock } = setUp();
    runner.add("state", job("export", 60), 1_030);
    await runner.runUntil(1_150);
    expect(ran).toEqual(["export@1030", "export@1090", "export@1150"]);
    expect(clock.now()).toBe(1_150);
  });

  test("without a first time it runs at once, and a later call goes on where the last one ended", async () => {
    const { runner, ran, job } = setUp();
    runner.add("state", job("export", 60));
    await runner.runUntil(1_000);
    await runner.runUntil(1_060);
    expect(ran).toEqual(["export@1000", "export@1060"]);
  });

  test("starts that were missed while the clock was moved from outside are not made up for", async () => {
    const { runner, ran, job, clock } = setUp();
    runner.add("state", job("export", 60));
    clock.set(1_500);
    await runner.runUntil(1_560);
    expect(ran).toEqual(["export@1500", "export@1560"]);
  });

  test("onTick is told each new time once", async () => {
    const { runner, job } = setUp();
    const ticks: number[] = [];
    runner.add("state", job("a", 50), 1_050);
    runner.add("state", job("b", 50), 1_050);
    await runner.runUntil(1_120, (now) => void ticks.push(now));
    expect(ticks).toEqual([1_050, 1_100, 1_120]);
  });
});

test("what is due together runs in order of addition, one after the other", async () => {
  const { runner, ran, job } = setUp();
  runner.add("state", job("slow", 100), 1_100);
  runner.at(1_100, "key enters", (now) => void ran.push(`event@${now}`));
  runner.add("nation", job("import", 100), 1_100);
  await runner.runUntil(1_100);
  expect(ran).toEqual(["slow@1100", "event@1100", "import@1100"]);
});

test("subjects take their turns in their order, those with more to do behind the others; one's failure stops no other", async () => {
  const { runner, ran, reported } = setUp();
  const many = jobBySubject({
    name: "import",
    duty: "import",
    everySeconds: 60,
    subjects: async (now) => (now < 1_060 ? ["long", "bad", "short"] : ["short"]),
    async runFor(subject, now) {
      ran.push(`${subject}@${now}`);
      if (subject === "bad") throw new CodedError("blob_storage_full", "No room.");
      return subject === "long" && ran.length < 6 ? "more" : "done";
    },
  });
  runner.add("state", many);
  await runner.runUntil(1_060);
  expect(ran.map((one) => one.replace("@1000", ""))).toEqual([
    "long",
    "bad",
    "short",
    "long",
    "long",
    "long",
    "short@1060",
  ]);
  expect(reported).toMatchObject([{ event: "job.failed", job: "import", subject: "bad", code: "blob_storage_full" }]);
});

describe("failure", () => {
  test("a job that rejects is reported with its code and runs again when next due", async () => {
    const { runner, reported, clock } = setUp();
    let attempts = 0;
    const run = async () => {
      attempts++;
      if (attempts === 1) throw new CodedError("blob_storage_full", "No room.");
      if (attempts === 2) throw new TypeError("oops");
    };
    runner.add("state", { name: "export", everySeconds: 10, run });
    await runner.runUntil(clock.now() + 20);
    expect(attempts).toBe(3);
    expect(reported).toMatchObject([
      { event: "job.failed", level: "error", owner: "state", job: "export", code: "blob_storage_full" },
      { event: "job.failed", code: "unexpected" },
    ]);
  });

  test("an event that rejects ends the run, which can go on afterwards", async () => {
    const { runner, ran, job, reported } = setUp();
    runner.at(1_010, "broken script", () => Promise.reject(new Error("no such person")));
    runner.add("state", job("export", 60), 1_020);
    await expect(runner.runUntil(1_050)).rejects.toThrow("no such person");
    expect(reported).toMatchObject([{ event: "script.failed", name: "broken script" }]);
    await runner.runUntil(1_050);
    expect(ran).toEqual(["export@1020"]);
  });
});

describe("add, remove and runNow", () => {
  test("a removed job does not run any more, and its name is free again", async () => {
    const { runner, ran, job } = setUp();
    runner.add("state", job("export", 60));
    runner.add("state", job("clean", 60));
    runner.remove("state", "export");
    await runner.runUntil(1_000);
    runner.remove("state");
    runner.add("state", job("export", 60), 1_030);
    await runner.runUntil(1_060);
    expect(ran).toEqual(["clean@1000", "export@1030"]);
  });

  test("a job that removes itself is over", async () => {
    const { runner } = setUp();
    let runs = 0;
    const run = async () => {
      runs++;
      runner.remove("state", "once");
    };
    runner.add("state", { name: "once", everySeconds: 1, run });
    await runner.runUntil(1_010);
    expect(runs).toBe(1);
  });

  test("the same job taken out and put back runs at its new time only", async () => {
    const { runner, ran, job } = setUp();
    const same = job("export", 60);
    runner.add("state", same, 1_010);
    runner.remove("state", "export");
    runner.add("state", same, 1_020);
    await runner.runUntil(1_050);
    expect(ran).toEqual(["export@1020"]);
  });

  test("runNow runs at once and leaves the rhythm as it was", async () => {
    const { runner, ran, job } = setUp();
    runner.add("state", job("export", 60), 1_030);
    await runner.runNow("state", "export");
    await runner.runUntil(1_030);
    expect(ran).toEqual(["export@1000", "export@1030"]);
    await expect(runner.runNow("state", "unknown")).rejects.toThrow("no job unknown");
  });

  test("doubled names, empty rhythms and runs inside runs are refused", async () => {
    const { runner, job, reported } = setUp();
    runner.add("state", job("export", 60), 2_000);
    expect(() => runner.add("state", job("export", 60))).toThrow("already");
    expect(() => runner.add("state", job("never", 0))).toThrow(RangeError);
    runner.add("state", { name: "nested", everySeconds: 60, run: () => runner.runUntil(9_000) });
    await runner.runUntil(1_000);
    expect(reported).toMatchObject([{ job: "nested", code: "unexpected" }]);
  });
});
