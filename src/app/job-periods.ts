// The jobs with the periods that the configuration gives them.

import { invalidConfig } from "../platform/config/config-error.ts";
import { nearestName } from "../platform/config/nearest-name.ts";
import type { Job } from "../platform/jobs/job.ts";

/** Throws `config_invalid` where a period is given to a job that there is not. */
export function withPeriods(jobs: readonly Job[], periodsSeconds: Readonly<Record<string, number>>): Job[] {
  const names = new Set(jobs.map(({ name }) => name));
  const unknown = Object.keys(periodsSeconds).filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw invalidConfig(
      unknown.map((name) => {
        const nearest = nearestName(name, names);
        return `jobPeriodsSeconds.${name} is no job${nearest === null ? "" : `; did you mean ${nearest}?`}`;
      }),
    );
  }
  return jobs.map((job) => ({ ...job, everySeconds: periodsSeconds[job.name] ?? job.everySeconds }));
}
