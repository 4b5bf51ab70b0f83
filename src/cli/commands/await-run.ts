// Waits until a run of a job has ended.

import type { Static } from "typebox";
import type { jobRunSchema } from "../../app/job-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { clientError } from "../client/client-error.ts";
import { createSpinner } from "../output/spinner.ts";

export type JobRunBody = Static<typeof jobRunSchema>;

const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 2_000;

/** Throws `run_unfinished` when it takes longer than `seconds`; it goes on all the same. */
export async function awaitRun(call: Call, job: string, id: string, seconds: number): Promise<JobRunBody> {
  const { client, surroundings } = call;
  const startedAt = surroundings.clock.now();
  const spinner = createSpinner(surroundings.terminal);
  try {
    for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MILLISECONDS)) {
      const run = await client.get<JobRunBody>(path`/v1/jobs/${job}/runs/${id}`);
      if (run.endedAt !== null && (run.state === "succeeded" || run.state === "failed")) return run;
      const waited = surroundings.clock.now() - startedAt;
      if (waited >= seconds) {
        throw clientError("run_unfinished", `${job} is ${run.state} after ${waited} s`, {
          remedy: "It goes on. `enks job list` shows how it ends, and which duty a process needs to run it.",
        });
      }
      spinner.turn(`${job}: ${run.state}, ${waited} s`);
      await surroundings.pause(pause);
    }
  } finally {
    spinner.clear();
  }
}
