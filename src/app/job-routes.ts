// The admin API's operations on jobs.

import type { Static } from "typebox";
import { isoTime, isoTimeOrNull } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { type AdminRoute, changeRoute, readRoute } from "../platform/http/admin/admin-route.ts";
import { cutPage, nameParams, nothing, PAGE_DEFAULT, pageOf, pageQuery } from "../platform/http/admin/admin-schemas.ts";
import type {
  DeadLetter,
  JobErrorCode,
  JobRun,
  JobRunner,
  JobStatus,
  RunsStatus,
} from "../platform/jobs/job-runner.ts";
import {
  askedRunSchema,
  askRunSchema,
  deadLetterSchema,
  jobRunParams,
  jobRunSchema,
  jobSchema,
} from "./job-schemas.ts";

const TAG = "jobs";

export function jobRoutes(runner: JobRunner): AdminRoute[] {
  return [
    readRoute({
      path: "/v1/jobs",
      operationId: "listJobs",
      tag: TAG,
      summary: "Every job, how often it runs and how its last run went.",
      role: "auditor",
      codes: [],
      params: nothing,
      query: pageQuery,
      answer: pageOf(jobSchema),
      read: async (_database, { query }) => {
        const jobs = (await runner.list()).map(shownJob).toSorted((left, right) => (left.name < right.name ? -1 : 1));
        return cutPage(jobs, query, ({ name }) => name);
      },
    }),
    readRoute({
      path: "/v1/jobs/{name}",
      operationId: "showJob",
      tag: TAG,
      summary: "One job, with what it works on and how the last run for each went.",
      role: "auditor",
      codes: ["job_unknown"],
      params: nameParams,
      query: nothing,
      answer: jobSchema,
      read: async (_database, { params }) => {
        const job = (await runner.list()).find(({ name }) => name === params.name);
        if (job !== undefined) return shownJob(job);
        throw new CodedError<JobErrorCode>("job_unknown", `there is no job "${params.name}"`);
      },
    }),
    changeRoute({
      method: "POST",
      path: "/v1/jobs/{name}/runs",
      operationId: "runJob",
      tag: TAG,
      summary: "Run a job now, in whichever process has its duty.",
      role: "operator",
      codes: ["job_unknown", "job_subject_unknown"],
      params: nameParams,
      body: askRunSchema,
      answer: askedRunSchema,
      status: 202,
      resource: ({ params }) => ({ kind: "job", name: params.name }),
      look: async () => null,
      change: async (database, { params, body }) => {
        const runs = await runner.run(params.name, { ...body, database });
        return { runs: runs.map(({ id, subject }) => ({ run: id, subject })) };
      },
    }),
    readRoute({
      path: "/v1/jobs/{name}/runs/{id}",
      operationId: "showJobRun",
      tag: TAG,
      summary: "What became of a run that was asked for.",
      role: "auditor",
      codes: ["job_unknown", "job_run_unknown"],
      params: jobRunParams,
      query: nothing,
      answer: jobRunSchema,
      read: async (_database, { params }) => {
        const run = await runner.findRun(params.name, params.id);
        if (run !== null) return shownRun(run);
        throw new CodedError<JobErrorCode>(
          "job_run_unknown",
          `there is no run ${params.id} of ${params.name}, or no longer`,
        );
      },
    }),
    readRoute({
      path: "/v1/dead-letters",
      operationId: "listDeadLetters",
      tag: TAG,
      summary: "Runs that failed at every attempt, oldest first.",
      role: "auditor",
      codes: [],
      params: nothing,
      query: pageQuery,
      answer: pageOf(deadLetterSchema),
      read: async (_database, { query }) => {
        const { items, next } = await runner.deadLetters(query.limit ?? PAGE_DEFAULT, query.after ?? null);
        return { items: items.map(shownLetter), next };
      },
    }),
  ];
}

function shownJob({ name, duty, everySeconds, subjects, ...runs }: JobStatus): Static<typeof jobSchema> {
  return {
    name,
    duty,
    everySeconds,
    ...shownRuns(runs),
    subjects:
      subjects && subjects.map(({ subject, firstAskedAt: _first, ...each }) => ({ subject, ...shownRuns(each) })),
  };
}

function shownRuns({ isRunning, ...runs }: RunsStatus) {
  return {
    ...runs,
    running: isRunning,
    lastStartedAt: isoTimeOrNull(runs.lastStartedAt),
    lastEndedAt: isoTimeOrNull(runs.lastEndedAt),
    lastSucceededAt: isoTimeOrNull(runs.lastSucceededAt),
    nextDueAt: isoTimeOrNull(runs.nextDueAt),
    waitsSince: isoTimeOrNull(runs.waitsSince),
  };
}

function shownRun(run: JobRun): Static<typeof jobRunSchema> {
  return {
    ...run,
    createdAt: isoTime(run.createdAt),
    startedAt: isoTimeOrNull(run.startedAt),
    endedAt: isoTimeOrNull(run.endedAt),
  };
}

function shownLetter(letter: DeadLetter): Static<typeof deadLetterSchema> {
  return { ...letter, failedAt: isoTime(letter.failedAt) };
}
