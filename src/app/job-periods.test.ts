// Periods of jobs by configuration.

import { expect, test } from "vitest";
import type { Job } from "../platform/jobs/job.ts";
import { withPeriods } from "./job-periods.ts";

const job = (name: string): Job => ({ name, duty: "export", everySeconds: 300, run: async () => undefined });

test("a named job gets its period, the others keep theirs", () => {
  const jobs = withPeriods([job("export"), job("mirror")], { export: 5 });
  expect(jobs.map(({ name, everySeconds }) => [name, everySeconds])).toEqual([
    ["export", 5],
    ["mirror", 300],
  ]);
});

test.each([
  [{ exprot: 5 }, "jobPeriodsSeconds.exprot is no job; did you mean export?"],
  [{ coffee: 5 }, "jobPeriodsSeconds.coffee is no job."],
  [{ constructor: 5 }, "jobPeriodsSeconds.constructor is no job"],
])("%j is refused", (periods, expected) => {
  expect(() => withPeriods([job("export")], periods)).toThrow(expected);
});
