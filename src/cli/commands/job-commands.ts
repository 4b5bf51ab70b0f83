// `enks job`: what the server does from time to time, and doing it now.

import type { Command } from "commander";
import type { Static } from "typebox";
import type { askedRunSchema, deadLetterSchema, jobSchema, jobSubjectSchema } from "../../app/job-schemas.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { renderAge, renderSince } from "../output/render-time.ts";
import { durationValue } from "../parse/option-values.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { type Column, renderTable } from "../render-table.ts";
import { listOnServer, onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { awaitRun, type JobRunBody } from "./await-run.ts";

type JobBody = Static<typeof jobSchema>;
type RunsBody = Omit<Static<typeof jobSubjectSchema>, "subject"> & { readonly subject?: string };
interface RunFlags {
  readonly wait: boolean;
  readonly within?: number;
}

const PATIENCE_SECONDS = 600;
const JOB = "the job, as `enks job list` shows it";

export function addJobCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("job").description("jobs: what the server does again and again by itself");

  listOnServer(
    group.command("list").description("list all jobs and their last runs"),
    surroundings,
    ({ showList, now }) =>
      showList<JobBody>("/v1/jobs", [
        { title: "name", value: ({ name }) => name, whole: true },
        { title: "duty", value: ({ duty }) => duty },
        { title: "every", value: ({ everySeconds }) => writeDuration(everySeconds) },
        { title: "subjects", value: ({ subjects }) => subjects?.length ?? "-" },
        ...runColumns(now),
      ]),
  );

  const show = group
    .command("show")
    .description("show one job: its subjects, such as sources, and the last run for each")
    .argument("<name>", JOB);
  onServer(show, surroundings, async (call, name: string) => {
    call.show(await call.client.get<JobBody>(path`/v1/jobs/${name}`), (job) => renderJob(call, job));
  });

  const run = group
    .command("run")
    .description("run a job now and wait for its end; exits with 1 when a run failed")
    .argument("<name>", JOB)
    .argument("[subject]", "only for this one, such as a source; `enks job show` lists them (for each)")
    .option("--no-wait", "only ask for the runs")
    .option("--within <duration>", "how long to wait for the end (10m)", durationValue);
  onServer(run, surroundings, async (call, name: string, subject: string | undefined, flags: RunFlags) => {
    const { runs } = await call.client.post<Static<typeof askedRunSchema>>(
      path`/v1/jobs/${name}/runs`,
      subject === undefined ? {} : { subject },
    );
    if (!flags.wait) {
      call.show(runs, () => runs.map((asked) => `asked for: run ${asked.run} of ${nameOf(name, asked)}\n`).join(""));
      return 0;
    }
    const ended: JobRunBody[] = [];
    const seconds = flags.within ?? PATIENCE_SECONDS;
    for (const asked of runs) ended.push(await awaitRun(call, name, asked.run, seconds));
    return reportRuns(call, name, ended);
  });

  const letters = group.command("dead-letters").description("list runs that failed at every attempt, the oldest first");
  listOnServer(letters, surroundings, ({ showList, now }) =>
    showList<Static<typeof deadLetterSchema>>("/v1/dead-letters", [
      { title: "job", value: ({ job }) => job },
      { title: "subject", value: ({ subject }) => subject ?? "-" },
      { title: "failed", value: ({ failedAt }) => renderSince(failedAt, now()) },
      { title: "reason", value: ({ code, message }) => failureOf(code, message), cut: true },
    ]),
  );
}

function renderJob(call: Call, job: JobBody): string {
  const { name, duty, everySeconds, subjects } = job;
  const head = `${name}: every ${writeDuration(everySeconds)}, in processes with the duty ${duty}\n`;
  if (subjects !== null && subjects.length === 0) return `${head}\nnothing to work on now\n`;
  const what =
    subjects === null ? [] : [{ title: "subject", value: (one: RunsBody) => one.subject ?? "-", whole: true }];
  return `${head}\n${renderTable([...what, ...runColumns(call.now)], subjects ?? [job], call.width)}`;
}

function runColumns(now: () => UnixSeconds): Column<RunsBody>[] {
  return [
    { title: "last run", value: ({ lastStartedAt }) => renderSince(lastStartedAt, now()) },
    { title: "outcome", value: ({ running, lastOutcome }) => (running ? "running" : (lastOutcome ?? "-")) },
    { title: "next", value: ({ nextDueAt }) => renderAge(nextDueAt, now()) },
    { title: "runs", value: ({ runs }) => runs },
    { title: "failures", value: ({ failures }) => failures },
    { title: "last failure", value: ({ lastCode, lastMessage }) => failureOf(lastCode, lastMessage), cut: true },
  ];
}

function reportRuns(call: Call, name: string, runs: readonly JobRunBody[]): number {
  const failed = runs.find(({ state }) => state !== "succeeded");
  if (call.asJson || failed === undefined) {
    call.show(runs, () => runs.map(succeeded).join("") || `${name}: nothing to work on now\n`);
    return failed === undefined ? 0 : REFUSED;
  }
  for (const run of runs.filter(({ state }) => state === "succeeded")) call.print(succeeded(run));
  const message = `${nameOf(name, failed)} failed: ${failed.message ?? "the server does not say why"}`;
  throw new CodedError(failed.code ?? "unexpected", message);
}

function succeeded(run: JobRunBody): string {
  const seconds = Math.max(0, secondsOf(run.endedAt) - secondsOf(run.startedAt ?? run.createdAt));
  return `${nameOf(run.job, run)}: succeeded in ${seconds} s\n`;
}

function nameOf(job: string, { subject }: { readonly subject: string | null }): string {
  return subject === null ? job : `${job} ${subject}`;
}

function secondsOf(at: string | null): number {
  return at === null ? 0 : Date.parse(at) / 1_000;
}

function failureOf(code: string | null, message: string | null): string {
  return [code, message].filter((part) => part !== null).join(": ") || "-";
}
