// Asking the queue for runs: of a job, or of each of its subjects, at most one for each slot of the period.

import type { PgBoss } from "pg-boss";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../database/database.ts";
import type { Job, SubjectWork } from "./job.ts";
import { type JobState, readJobStates, writeSubjects } from "./job-queries.ts";
import { type JobQueue, queueDatabase } from "./open-boss.ts";

/** What a run in the queue carries. */
interface RunData {
  readonly subject: string;
}

const BY_HAND = 1;
const USUAL = 0;
/** Behind the others, and never in the last free worker of a process. */
const SLOW = -1;
/** Longer than anything takes whose server answers and that has little to do. */
const SLOW_SECONDS = 20;

/** null: the job as a whole. */
export function subjectOf(data: unknown): string | null {
  const subject: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "subject") : null;
  return typeof subject === "string" ? subject : null;
}

/** At most one run for each slot of the job's period, whichever process asks. Answers whether this one is new. */
export async function askForSlot(queue: JobQueue, { name, everySeconds }: Job): Promise<boolean> {
  // One that runs, or waits to be tried again, goes first: back-off would be none if new ones came between.
  if ((await queue.unended(name)).has("")) return false;
  return (await queue.boss.send(name, null, { singletonSeconds: everySeconds })) !== null;
}

/** The same for each subject by itself. */
export async function askForEachSubject(
  queue: JobQueue,
  database: Database,
  job: Job,
  work: SubjectWork,
  now: UnixSeconds,
): Promise<boolean> {
  const subjects = await work.subjects(now);
  await writeSubjects(database.db, job, subjects, now);
  const unended = await queue.unended(job.name);
  const states = new Map((await readJobStates(database.db, job.name)).map((state) => [state.subject, state]));
  const runs = subjects
    .filter((subject) => !unended.has(subject))
    .map((subject) => ({
      data: { subject } satisfies RunData,
      singletonKey: subject,
      singletonSeconds: job.everySeconds,
      priority: wasSlow(states.get(subject)) ? SLOW : USUAL,
    }));
  if (runs.length === 0) return false;
  const asked = await queue.boss.insert(job.name, runs, { returnId: true });
  return (asked ?? []).length > 0;
}

/** Whether it would keep others waiting as likely as not: its last run took long, or failed. */
function wasSlow(state: JobState | undefined): boolean {
  const { lastStartedAt = null, lastEndedAt = null, lastCode = null } = state ?? {};
  if (lastStartedAt === null) return false;
  return lastEndedAt === null || lastCode !== null || lastEndedAt - lastStartedAt > SLOW_SECONDS;
}

/** What a run left for another one. */
export async function askForMore(boss: PgBoss, name: string, subject: string): Promise<void> {
  const data: RunData = { subject };
  await boss.send(name, data, { singletonKey: subject, priority: SLOW });
}

/** Answers the id of the new run, or of the one that is waiting already: a queue holds only one of each subject. */
export async function askNow(boss: PgBoss, name: string, subject: string | null, database: Database): Promise<string> {
  const db = queueDatabase(database);
  const data: RunData | null = subject === null ? null : { subject };
  const key = subject === null ? {} : { singletonKey: subject };
  for (;;) {
    const id = await boss.send(name, data, { priority: BY_HAND, db, ...key });
    if (id !== null) return id;
    const waiting = await boss.findJobs(name, { queued: true, db, ...(subject === null ? {} : { key: subject }) });
    const found = waiting.find(({ state }) => state === "created");
    // None: the one that waited has begun between the two questions.
    if (found !== undefined) return found.id;
  }
}
