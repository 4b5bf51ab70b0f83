// A machine with a server whose clock can be set wrong: its processes start, run their jobs and stop under a virtual time.

import type { ClockWatch, DatabaseClock } from "../../../src/app/clock/watch-clock.ts";
import { createServer, type Server, type ServerParts } from "../../../src/app/create-server.ts";
import { startClock } from "../../../src/app/serve/start-clock.ts";
import { nodeArchiveTools } from "../../../src/archive/node-tools.ts";
import type { UnixSeconds } from "../../../src/core/clock.ts";
import { codeOf } from "../../../src/core/coded-error.ts";
import type { BlobStore } from "../../../src/platform/blobs/blob-store.ts";
import type { Config } from "../../../src/platform/config/config.ts";
import type { Database } from "../../../src/platform/database/database.ts";
import type { Fetcher } from "../../../src/platform/http/fetcher.ts";
import type { EncryptionKeys } from "../../../src/platform/keys/encryption-keys.ts";
import { createMemoryEncryptionKeys } from "../../../src/platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../../../src/platform/keys/memory-signing-keys.ts";
import type { SigningKeys } from "../../../src/platform/keys/signing-keys.ts";
import type { ReportedEvent } from "../../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../../src/platform/random/crypto-random.ts";
import { createSteadyClock, type SteadyClock } from "../../../src/platform/time/steady-clock.ts";
import type { VirtualClock } from "../../../src/platform/time/virtual-clock.ts";

export interface MachineParts {
  /** What time it really is. */
  readonly truth: VirtualClock;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly fetcher: Fetcher;
  readonly settings: Partial<Config>;
}

export interface JobFailure {
  readonly at: UnixSeconds;
  readonly job: string;
  readonly code: string;
}

/** What a clock says when it really is the instant that is given. */
export type WrongClock = (truth: UnixSeconds) => UnixSeconds;

export const RIGHT: WrongClock = (truth) => truth;

export function wrongBy(seconds: number): WrongClock {
  return (truth) => truth + seconds;
}

let instances = 0;

/** What lasts longer than a process: keys in files, and the clocks. */
export class ClockMachine {
  tells: WrongClock = RIGHT;
  /** The clock of the database's machine; null: that is this machine. */
  databaseTells: WrongClock | null = null;
  /** The clocks of the servers that this one reads from, as far as they say what time it is. */
  upstreamsTell: readonly WrongClock[] = [];
  readonly events: ReportedEvent[] = [];
  readonly failures: JobFailure[] = [];
  readonly signingKeys: SigningKeys = createMemorySigningKeys();
  private readonly encryptionKeys: EncryptionKeys = createMemoryEncryptionKeys();
  private readonly parts: MachineParts;
  private running: { readonly server: Server; readonly clock: SteadyClock; readonly watch: ClockWatch } | null = null;

  constructor(parts: MachineParts) {
    this.parts = parts;
  }

  /** A second machine with a process of the same server. */
  another(clocks: Pick<ClockMachine, "tells" | "databaseTells">): ClockMachine {
    const { signingKeys, encryptionKeys } = this;
    return Object.assign(new ClockMachine(this.parts), { signingKeys, encryptionKeys, ...clocks });
  }

  get server(): Server {
    if (this.running === null) throw new Error("no process runs");
    return this.running.server;
  }

  get watch(): ClockWatch {
    if (this.running === null) throw new Error("no process runs");
    return this.running.watch;
  }

  get clock(): SteadyClock {
    if (this.running === null) throw new Error("no process runs");
    return this.running.clock;
  }

  /** As `enks serve` starts; rejects as it does. */
  async start(isCalledRight = false): Promise<void> {
    const { truth, settings, blobs, fetcher, database } = this.parts;
    const report = (event: ReportedEvent) => void this.events.push(event);
    const clock = createSteadyClock({
      machine: { now: () => this.tells(truth.now()) },
      uptimeSeconds: () => truth.now(),
      report,
    });
    const parts: ServerParts = {
      database,
      blobs,
      fetcher,
      signingKeys: this.signingKeys,
      encryptionKeys: this.encryptionKeys,
      archiveTools: nodeArchiveTools,
      clock,
      random: cryptoRandom,
      report,
      pace: { milliseconds: () => truth.now() * 1_000, wait: async () => undefined },
    };
    const server = await createServer(parts, settings);
    const watch = await startClock({
      clock,
      database,
      report,
      isCalledRight,
      server: server.aheadTables,
      instance: `process ${++instances}`,
      databaseClock: this.databaseClock(),
      readUpstreams: async () => this.upstreamsTell.map((tells) => tells(truth.now())),
    });
    this.running = { server, clock, watch };
  }

  /** As `start`; answers the code with which it was refused, or null. */
  async tryToStart(): Promise<string | null> {
    try {
      await this.start();
      return null;
    } catch (error) {
      return codeOf(error) ?? String(error);
    }
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  stop(): void {
    this.running = null;
  }

  /** One round of a process: it looks at its clock, then runs every job once, in the order of the server. */
  async runJobs(names?: readonly string[]): Promise<void> {
    await this.watch.look();
    for (const job of this.server.jobs) {
      if ((names !== undefined && !names.includes(job.name)) || (job.waitsFor?.() ?? null) !== null) continue;
      try {
        await job.run(this.clock.now());
      } catch (error) {
        this.failures.push({ at: this.parts.truth.now(), job: job.name, code: codeOf(error) ?? String(error) });
      }
    }
  }

  /** PostgreSQL as its machine's clock makes it answer. */
  private databaseClock(): DatabaseClock | null {
    const { database, truth } = this.parts;
    if (database.kind === "embedded") return null;
    const isElsewhere = this.databaseTells !== null;
    return { isElsewhere, read: async () => (this.databaseTells ?? this.tells)(truth.now()) };
  }
}
