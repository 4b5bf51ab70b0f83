// A server's parts on a data folder, as its program opens them, with a blob store that a test may wrap.

import { createServer, type Server } from "../../src/app/create-server.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import type { UnixSeconds } from "../../src/core/clock.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { openFilesystemBlobs } from "../../src/platform/blobs/filesystem-blobs.ts";
import { parseConfig } from "../../src/platform/config/config.ts";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import { openFilesystemSigningKeys } from "../../src/platform/keys/filesystem-signing-keys.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import { type Report, reportNothing } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { relyOn } from "../../src/platform/time/clock-trust.ts";

export interface OpenFolder extends Server {
  close(): Promise<void>;
}

export interface OpenFolderOptions {
  readonly now: UnixSeconds;
  readonly report?: Report;
  readonly wrapBlobs?: (blobs: BlobStore) => BlobStore;
  /** The database only lives in memory. */
  readonly inMemory?: boolean;
}

export async function openDataFolder(dataFolder: string, options: OpenFolderOptions): Promise<OpenFolder> {
  const config = parseConfig({ dataFolder });
  const blobs = await openObjects(dataFolder);
  const fetcher = createFetcher();
  const database = await openEmbeddedDatabase({ folder: options.inMemory ? null : `${dataFolder}/database` });
  // The time goes on with the runs of the jobs.
  let now = options.now;
  const server = await createServer(
    {
      database,
      blobs: options.wrapBlobs?.(blobs) ?? blobs,
      signingKeys: await openFilesystemSigningKeys(`${dataFolder}/signing-keys`),
      encryptionKeys: createMemoryEncryptionKeys(),
      archiveTools: nodeArchiveTools,
      fetcher,
      clock: relyOn({ now: () => now }),
      random: cryptoRandom,
      report: options.report ?? reportNothing,
    },
    config,
  );
  return {
    ...server,
    jobs: server.jobs.map((job) => ({
      ...job,
      run(at) {
        now = Math.max(now, at);
        return job.run(at);
      },
    })),
    async close() {
      await fetcher.close();
      await database.close();
    },
  };
}

/** The published trees of a data folder. */
export function openObjects(dataFolder: string): Promise<BlobStore> {
  return openFilesystemBlobs(`${dataFolder}/objects`);
}
