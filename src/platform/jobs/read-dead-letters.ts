// The runs that failed at every attempt, by pages.

import type { PgBoss } from "pg-boss";
import { CodedError } from "../../core/coded-error.ts";
import { DEAD_LETTERS } from "./boss-queues.ts";
import { deadLetterOf } from "./boss-records.ts";
import type { DeadLetter } from "./job-runner.ts";

export async function readDeadLetters(
  boss: PgBoss,
  limit: number,
  after: string | null,
): Promise<{ items: DeadLetter[]; next: string | null }> {
  if (after !== null && !(isRunId(after) && (await boss.getJobById(DEAD_LETTERS, after)) !== null)) {
    throw new CodedError("request_invalid", `there is no dead letter ${after}, or no longer`, {
      remedy: "Read the list from its beginning.",
    });
  }
  const found = await boss.findJobs<object>(DEAD_LETTERS, { limit: limit + 1, ...(after === null ? {} : { after }) });
  const items = found.slice(0, limit).map(deadLetterOf);
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export function isRunId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
