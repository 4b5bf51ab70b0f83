// The part of a process that has the database: the joined features and their workers.

import type { Random } from "../../core/random.ts";
import type { Config, Duty } from "../../platform/config/config.ts";
import { startBossRunner } from "../../platform/jobs/boss-runner.ts";
import type { JobRunner } from "../../platform/jobs/job-runner.ts";
import { aboutRun, type ObserveRun } from "../../platform/jobs/run-recorded.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { Trace } from "../../platform/observe/trace.ts";
import type { SteadyClock } from "../../platform/time/steady-clock.ts";
import { databaseClockOf } from "../clock/database-clock.ts";
import { readUpstreamTimes } from "../clock/read-upstreams.ts";
import type { ClockWatch } from "../clock/watch-clock.ts";
import { createServer, type Server } from "../create-server.ts";
import { openParts } from "../open-parts.ts";
import type { PartStack } from "../part-stack.ts";
import { keepWatching } from "./keep-watching.ts";
import { maintenanceJobs } from "./maintain-database.ts";
import { startClock } from "./start-clock.ts";

export interface Inside {
  readonly clock: SteadyClock;
  readonly random: Random;
  readonly report: Report;
  readonly trace: Trace;
  /** Tells this process from others. */
  readonly instance: string;
  /** An operator's word at the start. */
  readonly isClockCalledRight: boolean;
  /** Where phones find the trees; null: not known, or not yet. */
  readonly publicUrl: () => string | null;
}

/** The part's name. */
export const JOBS = "jobs";

export interface Core {
  readonly server: Server;
  readonly runner: JobRunner;
  readonly clockWatch: ClockWatch;
}

/** Opens what the configuration names, brings the tables up to date, and starts the workers of the process's duties. */
export async function openCore(
  config: Config,
  inside: Inside & {
    readonly observeRun: ObserveRun;
    /** How long work under way may take when the jobs are closed. */
    readonly closingSeconds: () => number;
  },
  opened: PartStack,
): Promise<Core> {
  const parts = await openParts(config, opened);
  const ownJobs = maintenanceJobs(parts.database);
  const server = await opened.step("tables", () => createServer({ ...parts, ...inside, ownJobs }, config));
  const clockWatch = await opened.step("clock", async () =>
    startClock({
      ...inside,
      database: parts.database,
      server: server.aheadTables,
      databaseClock: await databaseClockOf(parts.database),
      readUpstreams: async () => readUpstreamTimes(await server.timeSources(inside.clock.now()), parts.readServerTime),
      isCalledRight: inside.isClockCalledRight,
    }),
  );
  const runner = await opened.open(
    JOBS,
    () => startRunner(config, server, inside),
    (open) => open.close(inside.closingSeconds()),
  );
  const watching = async () => keepWatching(clockWatch, inside.report, () => runWaiting(runner));
  await opened.open("clock watch", watching, (open) => open.close());
  return { server, runner, clockWatch };
}

/** What waited for the clock is asked for at once. */
async function runWaiting(runner: JobRunner): Promise<void> {
  for (const { name, waitsFor } of await runner.list()) if (waitsFor !== null) await runner.run(name);
}

/** Every run is a span and is measured. */
function startRunner(
  config: Config,
  { database, jobs }: Server,
  { clock, report, trace, observeRun }: Inside & { readonly observeRun: ObserveRun },
): Promise<JobRunner> {
  const duties: ReadonlySet<Duty> = new Set(config.duties);
  return startBossRunner({
    database,
    jobs,
    isHere: (job) => duties.has(job.duty),
    clock,
    report,
    observe: (run, work) => trace(`job ${run.name}`, aboutRun(run), () => observeRun(run, work)),
  });
}
