// `enks job`: what the server does from time to time, and doing it now.

import type { Command } from "commander";
import type { Static } from "typebox";
import type { askedRunSchema, deadLetterSchema, jobSchema } from "../../app/job-schemas.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { renderAge } from "../output/render-time.ts";
import { durationValue } from "../parse/option-values.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { listOnServer, onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { awaitRun, type JobRunBody } from "./await-run.ts";

const PATIENCE_SECONDS = 600;

export function addJobCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("job").description("jobs: what the server does again and again by itself");

  listOnServer(
    group.command("list").description("list all jobs and their last runs"),
    surroundings,
    ({ showList, now }) =>
      showList<Static<typeof jobSchema>>("/v1/jobs", [
        { title: "name", value: ({ name }) => name, whole: true },
        { title: "duty", value: ({ duty }) => duty },
        { title: "every", value: ({ everySeconds }) => writeDuration(everySeconds) },
        { title: "last run", value: ({ lastStartedAt }) => renderAge(lastStartedAt, now()) },
        { title: "outcome", value: ({ running, lastOutcome }) => (running ? "running" : (lastOutcome ?? "-")) },
        { title: "next", value: ({ nextDueAt }) => renderAge(nextDueAt, now()) },
        { title: "runs", value: ({ runs }) => runs },
        { title: "failures", value: ({ failures }) => failures },
        { title: "last failure", value: ({ lastCode, lastMessage }) => failureOf(lastCode, lastMessage), cut: true },
      ]),
  );

  const run = group
    .command("run")
    .description("run a job now and wait for its end; exits with 1 when the run failed")
    .argument("<name>", "the job, as `enks job list` shows it")
    .option("--no-wait", "only ask for the run")
    .option("--within <duration>", "how long to wait for the end (10m)", durationValue);
  onServer(run, surroundings, async (call, name: string, flags: { wait: boolean; within?: number }) => {
    const asked = await call.client.post<Static<typeof askedRunSchema>>(path`/v1/jobs/${name}/runs`);
    if (!flags.wait) {
      call.show(asked, ({ run: id }) => `asked for: run ${id} of ${name}\n`);
      return 0;
    }
    return reportRun(call, await awaitRun(call, name, asked.run, flags.within ?? PATIENCE_SECONDS));
  });

  const letters = group.command("dead-letters").description("list runs that failed at every attempt, the oldest first");
  listOnServer(letters, surroundings, ({ showList, now }) =>
    showList<Static<typeof deadLetterSchema>>("/v1/dead-letters", [
      { title: "job", value: ({ job }) => job },
      { title: "failed", value: ({ failedAt }) => renderAge(failedAt, now()) },
      { title: "reason", value: ({ code, message }) => failureOf(code, message), cut: true },
    ]),
  );
}

function reportRun(call: Call, run: JobRunBody): number {
  const seconds = Math.max(0, secondsOf(run.endedAt) - secondsOf(run.startedAt ?? run.createdAt));
  const isGood = run.state === "succeeded";
  if (!isGood && !call.asJson) {
    const message = `${run.job} failed: ${run.message ?? "the server does not say why"}`;
    throw new CodedError(run.code ?? "unexpected", message);
  }
  call.show(run, () => `${run.job}: succeeded in ${seconds} s\n`);
  return isGood ? 0 : REFUSED;
}

function secondsOf(at: string | null): number {
  return at === null ? 0 : Date.parse(at) / 1_000;
}

function failureOf(code: string | null, message: string | null): string {
  return [code, message].filter((part) => part !== null).join(": ") || "-";
}
