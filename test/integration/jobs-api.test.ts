// Jobs through the admin API: listed, run now, followed, and read about when they failed for good.

import type { Static } from "typebox";
import { expect, test, vi } from "vitest";
import { jobRoutes } from "../../src/app/job-routes.ts";
import type { askedRunSchema, deadLetterSchema, jobRunSchema, jobSchema } from "../../src/app/job-schemas.ts";
import { CodedError } from "../../src/core/coded-error.ts";
import { jobMigrations, startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
import type { Job } from "../../src/platform/jobs/job.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import type { RefusalBody } from "../support/admin-client.ts";
import { administrationMigrations, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase, type OpenDatabase } from "../support/databases.ts";
import { PATIENCE } from "../support/patience.ts";

type JobBody = Static<typeof jobSchema>;
type RunBody = Static<typeof jobRunSchema>;
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const jobs: readonly Job[] = [
  { name: "mirror", duty: "mirror", everySeconds: 300, run: async () => undefined },
  {
    name: "export",
    duty: "export",
    everySeconds: 2,
    run: () => Promise.reject(new CodedError("disk_full", "there is no room", { remedy: "Make some." })),
  },
];

async function startWorld(open: OpenDatabase) {
  const database = await open([jobMigrations, administrationMigrations]);
  await using stack = new AsyncDisposableStack();
  const runner = await startBossRunner({
    database,
    jobs,
    isHere: () => true,
    clock: systemClock,
    report: reportNothing,
  });
  stack.defer(() => runner.close(5));
  const admin = await startAdminWorld({ database, routes: jobRoutes(runner) });
  stack.defer(() => admin.close());
  const kept = stack.move();
  return { ...admin, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function refusal(answer: Promise<{ status: number; body: unknown }>): Promise<unknown[]> {
  const { status, body } = await answer;
  return [status, (body as RefusalBody).code];
}

describeOnEachDatabase("the API of jobs", (open) => {
  test("an operator runs one now and sees what became of it; the audit log keeps who asked", async () => {
    await using world = await startWorld(open);
    const asked = await world.operator.post<Static<typeof askedRunSchema>>("/v1/jobs/mirror/runs", {});
    expect(asked.status).toBe(202);

    const run = await vi.waitFor(async () => {
      const { body } = await world.auditor.get<RunBody>(`/v1/jobs/mirror/runs/${asked.body.runs[0]?.run}`);
      expect(body.endedAt).not.toBeNull();
      return body;
    }, PATIENCE);

    expect(run).toMatchObject({ job: "mirror", state: "succeeded", attempts: 1, code: null, message: null });
    const { body } = await world.auditor.get("/v1/audit?kind=job");
    expect(body).toMatchObject({ items: [{ name: "mirror", principal: "olaf", code: null }] });
  });

  test("they are listed by name with how they went", async () => {
    await using world = await startWorld(open);
    const list = await vi.waitFor(async () => {
      const { body } = await world.auditor.get<Page<JobBody>>("/v1/jobs");
      expect(body.items.every(({ lastOutcome }) => lastOutcome !== null)).toBe(true);
      return body;
    }, PATIENCE);
    expect(list).toMatchObject({
      items: [
        { name: "export", duty: "export", everySeconds: 2, lastOutcome: "failed", lastCode: "disk_full" },
        { name: "mirror", duty: "mirror", everySeconds: 300, lastOutcome: "succeeded", failures: 0, runs: 1 },
      ],
      next: null,
    });
  });

  test("one that failed at every attempt is among the dead letters", async () => {
    await using world = await startWorld(open);
    await vi.waitFor(async () => {
      const { body } = await world.auditor.get<Page<Static<typeof deadLetterSchema>>>("/v1/dead-letters?limit=1");
      expect(body.items).toMatchObject([{ job: "export", code: "disk_full", message: "there is no room" }]);
    }, PATIENCE);
  });

  test("what there is not, and who may not, is refused", async () => {
    await using world = await startWorld(open);
    const none = "5a0c1b1e-0000-4000-8000-000000000000";
    expect(await refusal(world.operator.post("/v1/jobs/nothing/runs", {}))).toEqual([404, "job_unknown"]);
    expect(await refusal(world.auditor.get(`/v1/jobs/nothing/runs/${none}`))).toEqual([404, "job_unknown"]);
    expect(await refusal(world.auditor.get(`/v1/jobs/mirror/runs/${none}`))).toEqual([404, "job_run_unknown"]);
    expect(await refusal(world.auditor.get("/v1/jobs/mirror/runs/x'y"))).toEqual([404, "job_run_unknown"]);
    expect(await refusal(world.auditor.get(`/v1/dead-letters?after=${none}`))).toEqual([400, "request_invalid"]);
    expect(await refusal(world.auditor.post("/v1/jobs/mirror/runs", {}))).toEqual([403, "role_insufficient"]);
  });
});
