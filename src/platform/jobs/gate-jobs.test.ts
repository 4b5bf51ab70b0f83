// What the clock does not allow is not begun, by whichever way.

import { expect, test } from "vitest";
import { type ClockNeed, RELIED_ON } from "../time/clock-trust.ts";
import { gateJobs } from "./gate-jobs.ts";
import type { Job } from "./job.ts";

function setUp(allowed: readonly ClockNeed[]) {
  const ran: string[] = [];
  const job = (name: string, needs?: ClockNeed): Job => ({
    name,
    duty: "clean-up",
    everySeconds: 60,
    ...(needs === undefined ? {} : { needs }),
    run: async () => void ran.push(name),
  });
  const allows = { none: true, closing: allowed.includes("closing"), destroying: allowed.includes("destroying") };
  const jobs = [job("vacuum", "none"), job("export", "closing"), job("clean-up", "destroying"), job("unnamed")];
  return { ran, jobs: gateJobs(jobs, { trust: () => ({ ...RELIED_ON, allows }) }) };
}

test.each([
  [[], ["vacuum"]],
  [["closing"], ["vacuum", "export"]],
  [
    ["closing", "destroying"],
    ["vacuum", "export", "clean-up", "unnamed"],
  ],
] as [ClockNeed[], string[]][])(
  "a clock that allows %j lets %j run, and what says nothing needs the most",
  async (allowed, names) => {
    const { ran, jobs } = setUp(allowed);
    expect(jobs.filter((job) => job.waitsFor?.() === null).map(({ name }) => name)).toEqual(names);
    for (const job of jobs) {
      if (names.includes(job.name)) await job.run(0);
      else await expect(job.run(0)).rejects.toMatchObject({ code: "clock_in_doubt" });
    }
    expect(ran).toEqual(names);
  },
);
