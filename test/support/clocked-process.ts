// A process of a server whose machine's clock, uptime and database clock a test sets; its jobs run when they are told to.

import { type ClockWatch, createClockWatch, type DatabaseClock } from "../../src/app/clock/watch-clock.ts";
import { createServer, type Server, type ServerParts } from "../../src/app/create-server.ts";
import type { Clock, UnixSeconds } from "../../src/core/clock.ts";
import type { Config } from "../../src/platform/config/config.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { createSteadyClock, type SteadyClock } from "../../src/platform/time/steady-clock.ts";

export interface ClockedProcess {
  readonly server: Server;
  readonly clock: SteadyClock;
  readonly watch: ClockWatch;
  readonly events: readonly ReportedEvent[];
  /** Runs every job once; those that the clock does not allow are left out, and named. */
  runJobs(): Promise<string[]>;
}

export interface ClockedMachine {
  readonly machine: Clock;
  readonly uptimeSeconds: () => number;
  readonly databaseClock?: DatabaseClock;
  readonly readUpstreams?: () => Promise<readonly UnixSeconds[]>;
  /** As `enks serve --clock-is-right`. */
  readonly isCalledRight?: boolean;
}

let instances = 0;

/** Starts as `enks serve` does, without listeners and workers; `clock` and `report` are its own. */
export async function startClockedProcess(
  parts: Omit<ServerParts, "clock" | "report">,
  { machine, uptimeSeconds, databaseClock, readUpstreams, isCalledRight = false }: ClockedMachine,
  settings: Partial<Config> = {},
): Promise<ClockedProcess> {
  const events: ReportedEvent[] = [];
  const report = (event: ReportedEvent) => void events.push(event);
  const clock = createSteadyClock({ machine, uptimeSeconds, report });
  const server = await createServer({ ...parts, clock, report }, settings);
  const watch = createClockWatch({
    clock,
    database: parts.database,
    server: server.aheadTables,
    report,
    instance: `process ${++instances}`,
    databaseClock: databaseClock ?? null,
    ...(readUpstreams === undefined ? {} : { readUpstreams }),
  });
  await (isCalledRight ? watch.callRight() : watch.look());
  return {
    server,
    clock,
    watch,
    events,
    async runJobs() {
      const waiting: string[] = [];
      for (const job of server.jobs) {
        if ((job.waitsFor?.() ?? null) === null) await job.run(clock.now());
        else waiting.push(job.name);
      }
      return waiting;
    },
  };
}
