// A process of a server: what its duties need is opened, listeners and workers are started, and all of it can be stopped.

import type { Random } from "../../core/random.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { Config } from "../../platform/config/config.ts";
import { joinReports } from "../../platform/observe/join-reports.ts";
import { createMetrics, type Sample } from "../../platform/observe/metrics/create-metrics.ts";
import type { Report } from "../../platform/observe/report.ts";
import { startTracing } from "../../platform/observe/tracing/tracing.ts";
import type { SteadyClock } from "../../platform/time/steady-clock.ts";
import { MIGRATIONS, type Server } from "../create-server.ts";
import { createHealth, type Health } from "../health/create-health.ts";
import { openBlobs } from "../open-parts.ts";
import { readStatus, type StatusDeps } from "../status/read-status.ts";
import { type Core, openCore } from "./open-core.ts";
import { openListeners } from "./open-listeners.ts";
import { samplesOf } from "./status-samples.ts";

export interface ProcessSurroundings {
  readonly clock: SteadyClock;
  readonly random: Random;
  readonly report: Report;
  readonly version: string;
}

export interface RunningServer {
  /** Where phones find the trees; null where this process does not serve them. */
  readonly publicUrl: string | null;
  readonly adminUrl: string | null;
  readonly metricsUrl: string | null;
  /** null where the duties need no database. */
  readonly database: Config["database"] | null;
  /**
   * Says that it is not ready, takes no more requests and no more work, lets what is under way end within
   * `stopWithinSeconds`, and closes everything. What had not ended is done again by whoever comes next.
   */
  stop(): Promise<void>;
}

type ProcessStatus = StatusDeps & Pick<Server, "database">;

/** Opens everything, or closes again what was opened before the failure. Throws the codes of what it opens. */
export async function startServer(config: Config, surroundings: ProcessSurroundings): Promise<RunningServer> {
  const { clock, random, version } = surroundings;
  await using opened = new AsyncDisposableStack();
  const tracing = await startTracing(config.tracing && { ...config.tracing, name: config.name, version });
  opened.defer(() => tracing.close());
  let status: ProcessStatus | null = null;
  const metrics = createMetrics({ version, samples: async () => (status === null ? [] : readSamples(status, clock)) });
  const report = joinReports(surroundings.report, metrics.report);
  const inside = { clock, random, report, trace: tracing.trace };

  const core = needsDatabase(config)
    ? await openCore(config, { ...inside, observeRun: metrics.observeRun }, opened)
    : null;
  const blobs = core?.server.blobs ?? (await openBlobs(config));
  const health = openHealth(config, surroundings, core, blobs);
  const listeners = await openListeners(
    config,
    {
      ...inside,
      core,
      blobs,
      health,
      metrics: metrics.text,
      observers: [metrics.answers, tracing.answers],
      version,
      closeTimeoutMilliseconds: closingSeconds(config) * 1_000,
      statusFor: (publicUrl) => {
        const facts = { version, startedAt: clock.now(), duties: config.duties, publicUrl };
        status = core && { ...core.server, runner: core.runner, facts };
        return status;
      },
    },
    opened,
  );

  const { publicListener, adminListener, metricsListener, publicUrl } = listeners;
  const stack = opened.move();
  return {
    publicUrl: publicListener && publicUrl,
    adminUrl: adminListener?.url ?? null,
    metricsUrl: metricsListener?.url ?? null,
    database: core && config.database,
    async stop() {
      health.beginStopping();
      const work = core?.runner.close(closingSeconds(config));
      await Promise.all([publicListener?.close(), adminListener?.close(), work]);
      await stack.disposeAsync();
    },
  };
}

/** Objects alone are served without one, so that many processes can serve one folder. */
function needsDatabase({ duties }: Config): boolean {
  return duties.some((duty) => duty !== "public");
}

/** What is left of the time for a stop goes to what is closed after the work. */
function closingSeconds({ stopWithinSeconds }: Config): number {
  return Math.max(0.5, stopWithinSeconds * 0.8);
}

function openHealth(
  { duties }: Config,
  { clock, random }: ProcessSurroundings,
  core: Core | null,
  blobs: BlobStore,
): Health {
  return createHealth({
    database: core?.server.database ?? null,
    migrations: MIGRATIONS,
    blobs,
    duties,
    clock,
    instance: random.bytes(8).toHex(),
  });
}

async function readSamples(status: ProcessStatus, clock: SteadyClock): Promise<Sample[]> {
  return samplesOf(await readStatus(status, status.database, clock.now()));
}
