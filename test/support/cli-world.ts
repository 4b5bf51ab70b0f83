// A whole server with its admin API over real HTTP, and the command line as its client.

import { clockRoutes } from "../../src/app/clock/clock-routes.ts";
import { createServer, MIGRATIONS, type Server } from "../../src/app/create-server.ts";
import { jobRoutes } from "../../src/app/job-routes.ts";
import { statusRoutes } from "../../src/app/status/status-routes.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import type { Config } from "../../src/platform/config/config.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import { startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
import type { Job } from "../../src/platform/jobs/job.ts";
import { openBoss } from "../../src/platform/jobs/open-boss.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { createVirtualClock, type VirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminWorld, startAdminWorld, WORLD_START } from "./admin-world.ts";
import { takeEmbedded } from "./embedded-pool.ts";
import { type Called, type Circumstances, callEnks } from "./fake-terminal.ts";

export interface CliWorld {
  readonly admin: AdminWorld;
  readonly server: Server;
  readonly clock: VirtualClock;
  /** A call by the administrator, unless `circumstances` have another environment. */
  enks(words: readonly string[], circumstances?: Circumstances): Promise<Called>;
  /** As `enks` with --json, and the answer read; throws where the command did not end with 0. */
  answer<Answer>(...words: string[]): Promise<Answer>;
  close(): Promise<void>;
}

export interface CliWorldOptions {
  readonly settings?: Partial<Config>;
  /** Where phones reach the trees; null: it does not know. */
  readonly publicUrl?: string;
  /** Besides the server's own. */
  readonly jobs?: readonly Job[];
  /** Which jobs are run, in real time; none unless given. */
  readonly runsJobs?: (name: string) => boolean;
}

/** The tables of the server and of the job queue. */
async function prepare(database: Database): Promise<void> {
  await migrate(database, MIGRATIONS, createVirtualClock(WORLD_START));
  const queue = await openBoss({ database, reportTrouble: reportNothing, superviseEverySeconds: 60 });
  await queue.close(1);
}

export async function makeCliWorld(options: CliWorldOptions = {}): Promise<CliWorld> {
  await using opened = new AsyncDisposableStack();
  const clock = createVirtualClock(WORLD_START);
  const database = await takeEmbedded({ name: "command line", prepare });
  opened.defer(() => database.close());
  const fetcher = createFetcher();
  opened.defer(() => fetcher.close());
  const parts = {
    database,
    blobs: createMemoryBlobs(),
    signingKeys: createMemorySigningKeys(),
    encryptionKeys: createMemoryEncryptionKeys(),
    archiveTools: nodeArchiveTools,
    fetcher,
    clock,
    random: cryptoRandom,
    report: reportNothing,
  };
  const server = await createServer(parts, { allowGeneratedKeys: true, ...options.settings });
  const jobs = [...server.jobs, ...(options.jobs ?? [])];
  const isHere = ({ name }: Job) => options.runsJobs?.(name) ?? false;
  const runner = await startBossRunner({ database, jobs, isHere, clock, report: reportNothing });
  opened.defer(() => runner.close(5));
  const facts = { version: "1.2.3", startedAt: WORLD_START, duties: ["import"], publicUrl: options.publicUrl ?? null };
  const status = { runner, facts, clock, ...server };
  // The world has an administration of its own.
  const owned = new Set(server.administration.routes.map(({ operationId }) => operationId));
  const own = server.routes.filter(({ operationId }) => !owned.has(operationId));
  const routes = [...own, ...jobRoutes(runner), ...statusRoutes(status), ...clockRoutes({ ...server, clock })];
  const admin = await startAdminWorld({ database, clock, routes });
  opened.defer(() => admin.close());
  const environment = { ENKS_SERVER: admin.url, ENKS_TOKEN: admin.administrator.token };
  const enks = (words: readonly string[], circumstances: Circumstances = {}) =>
    callEnks(words, { clock, environment, ...circumstances });
  const stack = opened.move();
  return {
    admin,
    server,
    clock,
    enks,
    async answer<Answer>(...words: string[]) {
      const { code, out, err } = await enks([...words, "--json"]);
      if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${err}`);
      return JSON.parse(out) as Answer;
    },
    close: () => stack.disposeAsync(),
  };
}
