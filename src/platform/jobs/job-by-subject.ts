// Jobs whose work is done subject by subject, and the walk through all subjects where nothing shares them out.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Job, RunEnd, SubjectWork } from "./job.ts";

/** A job whose `run` walks through all subjects, and rejects with the first failure when it has. */
export function jobBySubject({
  atOnce,
  subjects,
  runFor,
  ...facts
}: Omit<Job, "run" | "bySubject"> & SubjectWork): Job {
  const bySubject: SubjectWork = { subjects, runFor, ...(atOnce === undefined ? {} : { atOnce }) };
  return {
    ...facts,
    bySubject,
    async run(now, signal = NEVER) {
      const failures: unknown[] = [];
      await runEachSubject(bySubject, now, {
        runFor: (subject) => runFor(subject, now, signal),
        failed: (_subject, error) => failures.push(error),
      });
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** A signal that is never aborted. */
export const NEVER: AbortSignal = new AbortController().signal;

/**
 * One subject after the other, in their order; those that have more to do take further turns behind the others. A failure
 * is told to `failed` and does not reach the next subject.
 */
export async function runEachSubject(
  work: Pick<SubjectWork, "subjects">,
  now: UnixSeconds,
  turn: { runFor(subject: string): Promise<RunEnd>; failed(subject: string, error: unknown): void },
): Promise<void> {
  let waiting = await work.subjects(now);
  while (waiting.length > 0) {
    const left: string[] = [];
    for (const subject of waiting) {
      try {
        if ((await turn.runFor(subject)) === "more") left.push(subject);
      } catch (error) {
        turn.failed(subject, error);
      }
    }
    waiting = left;
  }
}
