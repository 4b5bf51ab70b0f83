// A server that keeps everything in memory, with its public listener; somebody else runs its jobs.
//
// Nothing of it is on a disk, so a process that dies leaves nothing behind, however it dies.

import { nodeArchiveTools } from "../archive/node-tools.ts";
import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { ContentFilter } from "../features/locations/filter-content.ts";
import { createMemoryBlobs } from "../platform/blobs/memory-blobs.ts";
import type { Config } from "../platform/config/config.ts";
import { databaseOverSessions } from "../platform/database/database-over-sessions.ts";
import { ThreadSessions } from "../platform/database/embedded/thread-sessions.ts";
import { startObjectServer } from "../platform/http/object-server.ts";
import { createFetcher } from "../platform/http/undici-fetcher.ts";
import { createMemoryEncryptionKeys } from "../platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../platform/keys/memory-signing-keys.ts";
import type { Report } from "../platform/observe/report.ts";
import { relyOn } from "../platform/time/clock-trust.ts";
import type { Pace } from "../platform/time/pace.ts";
import { createServer, type Server } from "./create-server.ts";

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly uploadRandom?: Random;
  readonly report: Report;
  readonly pace?: Pace;
  readonly filter?: ContentFilter;
}

export interface OpenServer extends Server {
  /** Where the published trees are: `<url>/<location>/index.txt`. */
  readonly publicUrl: string;
  close(): Promise<void>;
}

/**
 * Opens everything, or closes again what was opened before the failure. What `config` says of a database, of stores and
 * of folders does not matter.
 */
export async function openMemoryServer(config: Config, surroundings: Surroundings): Promise<OpenServer> {
  await using opened = new AsyncDisposableStack();
  // In this thread: it waits for the statement anyway, and the way to another thread costs as much as most statements.
  const database = databaseOverSessions("embedded", await ThreadSessions.start());
  opened.defer(() => database.close());
  const fetcher = createFetcher();
  opened.defer(() => fetcher.close());
  const blobs = createMemoryBlobs();
  const server = await createServer(
    {
      database,
      blobs,
      signingKeys: createMemorySigningKeys(),
      encryptionKeys: createMemoryEncryptionKeys(),
      archiveTools: nodeArchiveTools,
      fetcher,
      ...surroundings,
      clock: relyOn(surroundings.clock),
    },
    config,
  );
  // The store holds nothing but published trees.
  const listener = await startObjectServer({
    blobs,
    ...config.publicListener,
    report: surroundings.report,
    isPublic: () => true,
    operations: { routes: server.publicRoutes, clock: surroundings.clock },
  });
  opened.defer(() => listener.close());
  const stack = opened.move();
  return { ...server, publicUrl: listener.url, close: () => stack.disposeAsync() };
}
