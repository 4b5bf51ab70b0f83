// Jobs that wait while the clock is in doubt: whatever runs them, their work does not begin.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { JudgedClock } from "../time/clock-trust.ts";
import { runAt } from "./fence-runs.ts";
import type { Job, SubjectWork } from "./job.ts";
import { NEVER } from "./job-by-subject.ts";
import type { JobErrorCode } from "./job-runner.ts";

/**
 * Jobs that say that they wait where the clock does not allow what they need; one that is run all the same rejects with
 * `clock_in_doubt` and begins nothing.
 */
export function gateJobs(jobs: readonly Job[], clock: Pick<JudgedClock, "trust">): Job[] {
  return jobs.map((job) => {
    const waitsFor = () => (clock.trust().allows[job.needs ?? "destroying"] ? null : "clock_in_doubt");
    async function gated<T>(now: UnixSeconds, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
      if (waitsFor() !== null) throw waits(job);
      return runAt(now, signal, work);
    }
    return {
      ...job,
      waitsFor,
      run: (now, signal = NEVER) => gated(now, signal, () => job.run(now, signal)),
      ...(job.bySubject === undefined ? {} : { bySubject: gateSubjects(job.bySubject, gated) }),
    };
  });
}

function gateSubjects(
  work: SubjectWork,
  gated: <T>(now: UnixSeconds, signal: AbortSignal, begin: () => Promise<T>) => Promise<T>,
): SubjectWork {
  return {
    ...work,
    runFor: (subject, now, signal) => gated(now, signal, () => work.runFor(subject, now, signal)),
  };
}

function waits({ name }: Job): CodedError<JobErrorCode> {
  return new CodedError("clock_in_doubt", `${name} waits until the clock is relied on`, {
    remedy: "Set the clock right, or confirm it where it is (`enks clock confirm`).",
  });
}
