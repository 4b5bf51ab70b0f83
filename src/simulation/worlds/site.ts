// One server of a world: its database and objects last, its process dies and starts again.

import { type ClockWatch, createClockWatch } from "../../app/clock/watch-clock.ts";
import { createServer, type Server } from "../../app/create-server.ts";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import type { Clock } from "../../core/clock.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { Config } from "../../platform/config/config.ts";
import type { Database } from "../../platform/database/database.ts";
import { databaseOverSessions } from "../../platform/database/database-over-sessions.ts";
import type { Sessions } from "../../platform/database/sessions.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import { createMemoryEncryptionKeys } from "../../platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../../platform/keys/memory-signing-keys.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { SeededRandom } from "../../platform/random/seeded-random.ts";
import type { Pace } from "../../platform/time/pace.ts";
import { createSteadyClock, type SteadyClock } from "../../platform/time/steady-clock.ts";
import { backUpDatabase, type DatabaseBackup } from "../faults/database-backup.ts";
import { faultyBlobs, type Meet } from "../faults/faulty-blobs.ts";
import { faultyFetcher } from "../faults/faulty-requests.ts";
import { faultySessions } from "../faults/faulty-sessions.ts";
import type { Injector } from "../faults/injector.ts";
import { createProcessLife, type ProcessLife } from "../faults/process-life.ts";

export interface SiteParts {
  readonly name: string;
  /** That of its machine, which may be wrong. */
  readonly machineClock: Clock;
  /** For how long that has been up. */
  readonly uptimeSeconds: () => number;
  readonly databaseKind: Database["kind"];
  readonly sessions: Sessions;
  readonly blobs: BlobStore;
  readonly fetcher: Fetcher;
  readonly random: SeededRandom;
  readonly injector: Injector;
  readonly report: Report;
  readonly settings: Partial<Config>;
  /** Where phones find the trees. */
  readonly publicUrl: string;
}

export interface Site {
  readonly name: string;
  /** Of the process that runs at the moment; never kept by its users. */
  readonly server: () => Server;
  /** That of the process that runs at the moment. */
  readonly clock: Clock;
  /** Runs one job of the server at `copies` workers at once. A process that dies in it is started again afterwards. */
  runJob(name: string, copies?: number): Promise<void>;
  /** Does what an operator wants, who tries again when it failed; so it has to be safe to repeat. */
  operate<Answer>(act: (server: Server) => Promise<Answer>): Promise<Answer>;
  /** Starts the process again if it has died meanwhile. */
  recover(): Promise<void>;
  /** Stops the process and starts another. */
  restart(): Promise<void>;
  /** An operator says that the clock of the machine is right. */
  confirmClock(): Promise<void>;
  backUp(): Promise<void>;
  /** Goes back to the last backup, with a process to which it looks as if it had been off since then. */
  restore(): Promise<void>;
  readonly counts: { deaths: number; failedJobs: number };
}

/** What a process does when it runs no job. */
const UPLOADING = "upload";
const OPERATING = "operator";
const WATCHING = "watch-clock";
const OPERATORS_PATIENCE = 10;

interface Process {
  readonly server: Server;
  readonly clock: SteadyClock;
  readonly watch: ClockWatch;
  readonly life: ProcessLife;
}

export async function openSite(parts: SiteParts): Promise<Site> {
  const { name, sessions, injector, machineClock, uptimeSeconds, report } = parts;
  const keys = { signingKeys: createMemorySigningKeys(), encryptionKeys: createMemoryEncryptionKeys() };
  const pace: Pace = { milliseconds: () => uptimeSeconds() * 1_000, wait: async () => undefined };
  const counts = { deaths: 0, failedJobs: 0 };
  let started = 0;
  let activity = UPLOADING;
  let recovery: Promise<void> | null = null;
  let backup: DatabaseBackup | null = null;
  let current = await start();

  async function start(): Promise<Process> {
    const life = createProcessLife();
    let isStarting = true;
    // Nothing strikes while a process starts; there is an operator, who would start it again.
    const meet: Meet = (operation) => {
      // The record of the time is written all the while: faults would strike at nothing else.
      if (isStarting || (activity === WATCHING && operation === "write")) return null;
      return injector.meet({ site: name, operation, activity });
    };
    const instance = `process ${started++}`;
    const random = parts.random.fork(instance);
    const clock = createSteadyClock({ machine: machineClock, uptimeSeconds, report });
    const database = databaseOverSessions(parts.databaseKind, faultySessions(sessions, meet, life));
    const server = await createServer(
      {
        database,
        blobs: faultyBlobs(parts.blobs, meet, life),
        ...keys,
        archiveTools: nodeArchiveTools,
        fetcher: faultyFetcher(parts.fetcher, meet, life),
        clock,
        random,
        uploadRandom: random.fork("uploads"),
        report,
        pace,
        leastRetentionSeconds: 1,
        publicUrl: () => parts.publicUrl,
      },
      parts.settings,
    );
    const aheadTables = server.aheadTables;
    const watch = createClockWatch({ clock, database, server: aheadTables, report, instance, databaseClock: null });
    await watch.look();
    isStarting = false;
    return { server, clock, watch, life };
  }

  async function startAgain(): Promise<void> {
    counts.deaths++;
    current = await start();
    recovery = null;
  }

  async function recover(): Promise<void> {
    if (current.life.isOver) await (recovery ??= startAgain());
  }

  /** What a process does every minute. */
  async function lookAtClock({ watch, life }: Process): Promise<void> {
    activity = WATCHING;
    try {
      await watch.look();
    } catch (error) {
      if (!life.isOver) report({ event: "clock.not-watched", level: "warn", reason: String(error) });
    }
  }

  async function runOne({ server, clock, life }: Process, jobName: string): Promise<void> {
    const job = server.jobs.find((one) => one.name === jobName);
    if (job === undefined) throw new Error(`${name} has no job ${jobName}`);
    const waitsFor = job.waitsFor?.() ?? null;
    if (waitsFor !== null) return report({ event: "job.waits", job: jobName, code: waitsFor });
    try {
      await job.run(clock.now());
    } catch (error) {
      if (life.isOver) return;
      counts.failedJobs++;
      report({ event: "job.failed", level: "error", job: jobName, reason: String(error) });
    }
  }

  return {
    name,
    counts,
    server: () => current.server,
    recover,
    clock: { now: () => current.clock.now() },
    async restart() {
      current = await start();
    },
    async confirmClock() {
      await current.watch.callRight();
    },
    async runJob(jobName, copies = 1) {
      await recover();
      await lookAtClock(current);
      await recover();
      activity = jobName;
      const others = await Promise.all(Array.from({ length: copies - 1 }, start));
      await Promise.all([current, ...others].map((process) => runOne(process, jobName)));
      counts.deaths += others.filter(({ life }) => life.isOver).length;
      activity = UPLOADING;
      await recover();
    },
    async operate(act) {
      activity = OPERATING;
      try {
        for (let attempt = 1; ; attempt++) {
          await recover();
          try {
            return await act(current.server);
          } catch (error) {
            if (attempt === OPERATORS_PATIENCE) throw error;
          }
        }
      } finally {
        activity = UPLOADING;
        await recover();
      }
    },
    async backUp() {
      backup = await backUpDatabase(sessions);
    },
    async restore() {
      await backup?.restore();
      current = await start();
    },
  };
}
