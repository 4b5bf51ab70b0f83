// A server on the adapters that its configuration names, with its public listener.

import { nodeArchiveTools } from "../archive/node-tools.ts";
import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { ContentFilter } from "../features/locations/filter-content.ts";
import { openFilesystemBlobs } from "../platform/blobs/filesystem-blobs.ts";
import { createMemoryBlobs } from "../platform/blobs/memory-blobs.ts";
import type { Config } from "../platform/config/config.ts";
import { openEmbeddedDatabase } from "../platform/database/embedded/open-embedded-database.ts";
import { openPostgresDatabase } from "../platform/database/postgres/open-postgres-database.ts";
import { startObjectServer } from "../platform/http/object-server.ts";
import { createFetcher } from "../platform/http/undici-fetcher.ts";
import { openFilesystemSigningKeys } from "../platform/keys/filesystem-signing-keys.ts";
import { createMemorySigningKeys } from "../platform/keys/memory-signing-keys.ts";
import type { Report } from "../platform/observe/report.ts";
import { createServer, type Server } from "./create-server.ts";

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  readonly filter?: ContentFilter;
}

export interface OpenServer extends Server {
  /** Where the published trees are: `<url>/<location>/index.txt`. */
  readonly publicUrl: string;
  close(): Promise<void>;
}

/** Opens everything, or closes again what was opened before the failure. */
export async function openServer(config: Config, surroundings: Surroundings): Promise<OpenServer> {
  await using opened = new AsyncDisposableStack();
  const { database: databaseConfig } = config;
  const database =
    databaseConfig.kind === "embedded"
      ? await openEmbeddedDatabase({ folder: databaseConfig.folder })
      : await openPostgresDatabase({ url: databaseConfig.url });
  opened.defer(() => database.close());
  const blobs =
    config.blobs.kind === "filesystem" ? await openFilesystemBlobs(config.blobs.folder) : createMemoryBlobs();
  const signingKeys =
    config.signingKeys.kind === "filesystem"
      ? await openFilesystemSigningKeys(config.signingKeys.folder)
      : createMemorySigningKeys();
  const fetcher = createFetcher();
  opened.defer(() => fetcher.close());
  const parts = { database, blobs, signingKeys, fetcher, archiveTools: nodeArchiveTools, ...surroundings };
  const server = await createServer(parts, config);
  // The store holds nothing but published trees.
  const listener = await startObjectServer({
    blobs,
    ...config.publicListener,
    report: surroundings.report,
    isPublic: () => true,
  });
  opened.defer(() => listener.close());
  const stack = opened.move();
  return { ...server, publicUrl: listener.url, close: () => stack.disposeAsync() };
}
