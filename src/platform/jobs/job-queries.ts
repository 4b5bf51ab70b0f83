// All SQL on job_state, and what the job library has no function for on its own tables.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database, Db } from "../database/database.ts";

interface JobStateRow {
  name: string;
  subject: string;
  every_seconds: number;
  is_running: boolean;
  last_started_at: number | null;
  last_ended_at: number | null;
  last_succeeded_at: number | null;
  last_code: string | null;
  last_message: string | null;
  runs: number;
  failures: number;
  waits_for: string | null;
  waits_since_at: number | null;
  first_asked_at: number | null;
}

/** A job as a whole, or one subject of it. */
export interface Worked {
  readonly name: string;
  /** null: the job as a whole. */
  readonly subject: string | null;
}

export interface JobState {
  readonly everySeconds: number;
  readonly isRunning: boolean;
  readonly lastStartedAt: UnixSeconds | null;
  readonly lastEndedAt: UnixSeconds | null;
  readonly lastSucceededAt: UnixSeconds | null;
  readonly lastCode: string | null;
  readonly lastMessage: string | null;
  readonly runs: number;
  readonly failures: number;
  /** Why it was not begun when it was due last; null: it was. */
  readonly waitsFor: string | null;
  readonly waitsSince: UnixSeconds | null;
  /** Of subjects only. */
  readonly firstAskedAt: UnixSeconds | null;
}

/** Of each job and each of its subjects; without `name`, of all jobs. */
export async function readJobStates(db: Db, name: string | null = null): Promise<(Worked & JobState)[]> {
  const { rows } = await sql<JobStateRow>`
    select * from job_state where ${name}::text is null or name = ${name}`.execute(db);
  return rows.map((row) => ({
    name: row.name,
    subject: row.subject === "" ? null : row.subject,
    everySeconds: row.every_seconds,
    isRunning: row.is_running,
    lastStartedAt: row.last_started_at,
    lastEndedAt: row.last_ended_at,
    lastSucceededAt: row.last_succeeded_at,
    lastCode: row.last_code,
    lastMessage: row.last_message,
    runs: row.runs,
    failures: row.failures,
    waitsFor: row.waits_for,
    waitsSince: row.waits_since_at,
    firstAskedAt: row.first_asked_at,
  }));
}

/** Says how often a job runs, in whichever process. */
export async function writeRhythm(db: Db, name: string, everySeconds: number): Promise<void> {
  await sql`
    insert into job_state (name, every_seconds) values (${name}, ${everySeconds})
    on conflict (name, subject) do update set every_seconds = excluded.every_seconds`.execute(db);
}

/** Begins the states of subjects that are new, and forgets those of subjects that are there no more. */
export async function writeSubjects(
  db: Db,
  { name, everySeconds }: { readonly name: string; readonly everySeconds: number },
  subjects: readonly string[],
  now: UnixSeconds,
): Promise<void> {
  await sql`
    insert into job_state (name, subject, every_seconds, first_asked_at)
    select ${name}, subject, ${everySeconds}::integer, ${now}::bigint from unnest(${[...subjects]}::text[]) as new (subject)
    on conflict (name, subject) do nothing`.execute(db);
  await sql`
    delete from job_state
    where name = ${name} and subject <> '' and not is_running and subject <> all(${[...subjects]}::text[])`.execute(db);
}

export async function writeStarted(db: Db, worked: Worked, now: UnixSeconds): Promise<void> {
  await sql`
    update job_state set is_running = true, last_started_at = ${now}, runs = runs + 1, waits_for = null,
      waits_since_at = null
    where ${is(worked)}`.execute(db);
}

/** Notes that a run was not begun, and why. */
export async function writeWaits(db: Db, worked: Worked, code: string, now: UnixSeconds): Promise<void> {
  await sql`
    update job_state set waits_for = ${code}, waits_since_at = coalesce(waits_since_at, ${now}::bigint)
    where ${is(worked)}`.execute(db);
}

export async function writeSucceeded(db: Db, worked: Worked, now: UnixSeconds): Promise<void> {
  await sql`
    update job_state set is_running = false, last_ended_at = ${now}, last_succeeded_at = ${now}, last_code = null,
      last_message = null
    where ${is(worked)}`.execute(db);
}

export async function writeFailed(
  db: Db,
  worked: Worked,
  failure: { readonly code: string; readonly message: string },
  now: UnixSeconds,
): Promise<void> {
  await sql`
    update job_state set is_running = false, last_ended_at = ${now}, last_code = ${failure.code},
      last_message = ${failure.message}, failures = failures + 1
    where ${is(worked)}`.execute(db);
}

function is({ name, subject }: Worked): RawBuilder<boolean> {
  return sql`name = ${name} and subject = ${subject ?? ""}`;
}

/** When a run last began, ended or had to wait, by the clock of the process that did it; null: never. */
export async function readLastRunAt(db: Db): Promise<UnixSeconds | null> {
  const { rows } = await sql<{ at: number | null }>`
    select max(greatest(last_started_at, last_ended_at, waits_since_at)) as at from job_state`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * Takes back what the library wrote while the database's clock was ahead: each is an instant that is still to come, up to
 * which it would run nothing, or not again. No run of ours is asked for in advance; one that failed waits for as long as
 * its queue says. What else it notes are statistics.
 */
export async function forgetFuture(database: Database, librarySchema: string): Promise<void> {
  const [job, queue, version] = ["job", "queue", "version"].map((table) => `${librarySchema}.${table}`);
  await database.execute(
    `
    update ${job} set singleton_on = null where singleton_on > now() at time zone 'utc' + interval '5 minutes';
    update ${job} set start_after = now()
      where (state = 'created' and start_after > now() + interval '5 minutes')
        or (state = 'retry' and start_after > now() + interval '5 minutes' + retry_delay_max * interval '1 second');
    update ${job} set started_on = least(started_on, now()), heartbeat_on = now()
      where state = 'active' and heartbeat_on > now() + interval '5 minutes';
    update ${queue} set monitor_claim_on = least(monitor_claim_on, now()), monitor_on = least(monitor_on, now()),
        maintain_on = least(maintain_on, now())
      where greatest(monitor_claim_on, monitor_on, maintain_on) > now() + interval '5 minutes';
    update ${version} set cron_on = least(cron_on, now()), bam_on = least(bam_on, now()),
        flow_on = least(flow_on, now()), reindex_on = least(reindex_on, now())
      where greatest(cron_on, bam_on, flow_on, reindex_on) > now() + interval '5 minutes'`,
    [],
  );
}

/** The subjects of which a run waits or is under way ('' is the job as a whole); the library's own functions tell only the former. */
export async function readUnended(db: Db, librarySchema: string, name: string): Promise<Set<string>> {
  const table = sql.table(`${librarySchema}.job`);
  const { rows } = await sql<{ subject: string }>`
    select distinct coalesce(singleton_key, '') as subject from ${table}
    where name = ${name} and state <= 'active'`.execute(db);
  return new Set(rows.map(({ subject }) => subject));
}
