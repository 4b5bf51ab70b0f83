// A process of a server: what its duties need is opened, listeners and workers are started, and all of it can be stopped.

import type { Random } from "../../core/random.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { openBlobs } from "../../platform/blobs/open-blobs.ts";
import type { Config } from "../../platform/config/config.ts";
import { readEnvironment } from "../../platform/config/environment.ts";
import { joinReports } from "../../platform/observe/join-reports.ts";
import { limitRepeats, OF_REQUESTS } from "../../platform/observe/limit-repeats.ts";
import { createMetrics, type Sample } from "../../platform/observe/metrics/create-metrics.ts";
import type { Report } from "../../platform/observe/report.ts";
import { startTracing } from "../../platform/observe/tracing/tracing.ts";
import type { SteadyClock } from "../../platform/time/steady-clock.ts";
import { MIGRATIONS, type Server } from "../create-server.ts";
import { checkSeals } from "../health/check-seals.ts";
import { createHealth, type Health, SAVE_MILLISECONDS } from "../health/create-health.ts";
import type { PartStack } from "../part-stack.ts";
import { readStatus, type StatusDeps } from "../status/read-status.ts";
import { type Core, type Inside, JOBS, openCore } from "./open-core.ts";
import { ADMIN_LISTENER, openListeners, PUBLIC_LISTENER } from "./open-listeners.ts";
import { samplesOf } from "./status-samples.ts";

export interface ProcessSurroundings {
  readonly clock: SteadyClock;
  readonly random: Random;
  readonly report: Report;
  readonly version: string;
  /** An operator's word at the start that the machine's clock is right; by default it is not given. */
  readonly isClockCalledRight?: boolean;
}

export interface RunningServer {
  /** Where phones find the trees; null where this process does not serve them. */
  readonly publicUrl: string | null;
  readonly adminUrl: string | null;
  readonly metricsUrl: string | null;
  /** null where the duties need no database. */
  readonly database: Config["database"] | null;
  /** From now on it says that it is not ready, answers all the same, and ends each connection with its answer. */
  drain(): void;
}

/** The jobs of a start that failed have barely begun. */
const UNSERVED_SECONDS = 1;

type ProcessStatus = StatusDeps & Pick<Server, "database">;

/**
 * Opens everything and leaves it in `opened`, also what it had opened before a failure: `closeServer` closes it. Throws
 * the codes of what it opens.
 */
export async function startServer(
  config: Config,
  surroundings: ProcessSurroundings,
  opened: PartStack,
): Promise<RunningServer> {
  const { clock, random, version } = surroundings;
  const tracing = await opened.open(
    "traces",
    () => startTracing(config.tracing && { ...config.tracing, name: config.name, version }),
    (open) => open.close(),
  );
  let status: ProcessStatus | null = null;
  const metrics = createMetrics({ version, samples: async () => (status === null ? [] : readSamples(status, clock)) });
  const report = joinReports(limitRepeats(surroundings.report, clock, OF_REQUESTS), metrics.report);
  const instance = random.bytes(8).toHex();
  const { isClockCalledRight = false } = surroundings;
  // The listener's own is known once it listens, behind the jobs.
  let knownUrl = config.publicUrl;
  const publicUrl = () => knownUrl;
  const inside = { clock, random, report, trace: tracing.trace, instance, isClockCalledRight, publicUrl };

  let isServing = false;
  const closingSeconds = () => (isServing ? secondsToClose(config) : UNSERVED_SECONDS);
  const core = needsDatabase(config)
    ? await openCore(config, { ...inside, observeRun: metrics.observeRun, closingSeconds }, opened)
    : null;
  // Without a database there is no record to compare with, and nothing that could be lost.
  if (core === null) clock.learn({ recorded: null });
  const blobs = core?.server.blobs ?? (await opened.step("stores", () => openBlobs(config.blobs, readEnvironment())));
  const health = openHealth(config, inside, core, blobs);
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
      closeTimeoutMilliseconds: secondsToClose(config) * 1_000,
      statusFor: (phonesUrl) => {
        knownUrl = phonesUrl;
        const facts = { version, startedAt: clock.now(), duties: config.duties, publicUrl: phonesUrl };
        status = core && { ...core.server, runner: core.runner, facts, clock };
        return status;
      },
    },
    opened,
  );

  isServing = true;
  const { publicListener, adminListener, metricsListener } = listeners;
  return {
    publicUrl: publicListener && listeners.publicUrl,
    adminUrl: adminListener?.url ?? null,
    metricsUrl: metricsListener?.url ?? null,
    database: core && config.database,
    drain() {
      health.beginStopping();
      publicListener?.drain();
      adminListener?.drain();
    },
  };
}

/**
 * Takes no more requests and no more work, lets what is under way end within the bound, and closes everything else
 * behind it: requests for the health are answered meanwhile. What had not ended is done again by another process.
 */
export async function closeServer(opened: PartStack): Promise<void> {
  await opened.closeTogether(new Set([PUBLIC_LISTENER, ADMIN_LISTENER, JOBS]));
  await opened.closeAll();
}

/** Objects alone are served without one, so that many processes can serve one folder. */
function needsDatabase({ duties }: Config): boolean {
  return duties.some((duty) => duty !== "public");
}

/** What is left of the time for a stop goes to what is closed after the work. */
function secondsToClose({ stopWithinSeconds, drainSeconds }: Config): number {
  return Math.max(0.5, (stopWithinSeconds - drainSeconds) * 0.8);
}

function openHealth({ duties }: Config, { clock, instance }: Inside, core: Core | null, blobs: BlobStore): Health {
  const limits = { withinMilliseconds: SAVE_MILLISECONDS };
  const takesUploads = core !== null && duties.includes("upload");
  return createHealth({
    database: core?.server.database ?? null,
    migrations: MIGRATIONS,
    blobs,
    duties,
    clock,
    findSealFailure: core && (() => checkSeals(core.server, clock.now())),
    trySave: takesUploads ? () => core.server.exposures.trySave(clock.now(), limits) : null,
    instance,
  });
}

async function readSamples(status: ProcessStatus, clock: SteadyClock): Promise<Sample[]> {
  return samplesOf(await readStatus(status, status.database, clock.now()));
}
