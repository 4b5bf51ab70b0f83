// The adapters that a configuration names, opened.

import { nodeArchiveTools } from "../archive/node-tools.ts";
import { openBlobs } from "../platform/blobs/open-blobs.ts";
import type { Config } from "../platform/config/config.ts";
import { readEnvironment } from "../platform/config/environment.ts";
import type { Database } from "../platform/database/database.ts";
import { openEmbeddedDatabase } from "../platform/database/embedded/open-embedded-database.ts";
import { ensureSchema } from "../platform/database/postgres/ensure-schema.ts";
import { openPostgresDatabase } from "../platform/database/postgres/open-postgres-database.ts";
import { requireOwnDatabase } from "../platform/database/postgres/require-own-database.ts";
import type { ReadServerTime } from "../platform/http/fetcher.ts";
import { createFetcher } from "../platform/http/undici-fetcher.ts";
import { jobSchemaBeside } from "../platform/jobs/open-boss.ts";
import { openFilesystemEncryptionKeys } from "../platform/keys/filesystem-encryption-keys.ts";
import { openFilesystemSigningKeys } from "../platform/keys/filesystem-signing-keys.ts";
import { createMemoryEncryptionKeys } from "../platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../platform/keys/memory-signing-keys.ts";
import type { ServerParts } from "./create-server.ts";
import { keepSecretsApart } from "./keep-secrets-apart.ts";
import type { PartStack } from "./part-stack.ts";

export type OpenedParts = Pick<
  ServerParts,
  "database" | "blobs" | "signingKeys" | "encryptionKeys" | "archiveTools" | "fetcher"
> & { readonly readServerTime: ReadServerTime };

/** Opens everything; what has to be closed again is left in `opened`. Throws the codes of database and object storage. */
export async function openParts(config: Config, opened: PartStack): Promise<OpenedParts> {
  const database = await opened.open(
    "database",
    () => openDatabase(config),
    (open) => open.close(),
  );
  const stores = await opened.step("stores", () => openStores(config));
  const fetcher = createFetcher();
  opened.defer("fetcher", () => fetcher.close());
  return { database, ...stores, archiveTools: nodeArchiveTools, fetcher, readServerTime: fetcher.readServerTime };
}

/** Objects and keys: makes the folders that are missing. */
export async function openStores(
  config: Config,
): Promise<Pick<OpenedParts, "blobs" | "signingKeys" | "encryptionKeys">> {
  const blobs = await openBlobs(config.blobs, readEnvironment());
  const signingKeys =
    config.signingKeys.kind === "filesystem"
      ? await openFilesystemSigningKeys(config.signingKeys.folder)
      : createMemorySigningKeys();
  const encryptionKeys =
    config.encryptionKeys.kind === "filesystem"
      ? await openFilesystemEncryptionKeys(config.encryptionKeys.folder)
      : createMemoryEncryptionKeys();
  await keepSecretsApart(config);
  return { blobs, signingKeys, encryptionKeys };
}

/** Throws the database's codes, and refuses one that is another program's or lacks rights before it is changed. */
export async function openDatabase({ database }: Pick<Config, "database">): Promise<Database> {
  if (database.kind === "embedded") return openEmbeddedDatabase({ folder: database.folder });
  const { url, parts, schema } = database;
  const opened = await openPostgresDatabase({
    ...(url === undefined ? {} : { url }),
    ...(parts === undefined ? {} : { parts }),
    ...(schema === undefined ? {} : { schema }),
    minConnections: database.poolMinConnections,
    maxConnections: database.poolMaxConnections,
    connectTimeoutSeconds: database.connectTimeoutSeconds,
    statementTimeoutSeconds: database.statementTimeoutSeconds,
    maxLifetimeSeconds: database.poolMaxLifetimeSeconds,
    maxIdleSeconds: database.poolMaxIdleSeconds,
  });
  try {
    if (schema !== undefined) await ensureSchema(opened, schema);
    await requireOwnDatabase(opened, jobSchemaBeside);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}
