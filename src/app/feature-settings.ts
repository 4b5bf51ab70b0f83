// The configuration in the words of the features.

import { type ArchiveLimits, DEFAULT_LIMITS } from "../archive/archive-types.ts";
import type { RecordLimits } from "../features/export/export-types.ts";
import type { ImportSettings } from "../features/import/import-types.ts";
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from "../features/upstreams/upstream-types.ts";
import type { Config } from "../platform/config/config.ts";

export function recordLimitsFrom(config: Config): RecordLimits {
  return {
    minRecords: config.exportFileMinRecords,
    paddingRange: config.exportFilePaddingRange,
    maxRecords: config.exportFileMaxRecords,
  };
}

export function importSettingsFrom(config: Config): Partial<ImportSettings> {
  return {
    ...upstreamLimitsFrom(config),
    leaseSeconds: config.importLockTimeSeconds,
    runSeconds: config.maxRuntimeSeconds,
  };
}

export function upstreamLimitsFrom(config: Config): UpstreamLimits {
  return {
    ...DEFAULT_UPSTREAM_LIMITS,
    indexMaxBytes: config.maxIndexBytes,
    archiveLimits: archiveLimitsFrom(config),
    indexTimeoutMilliseconds: config.indexFileDownloadTimeoutSeconds * 1_000,
    archiveTimeoutMilliseconds: config.exportFileDownloadTimeoutSeconds * 1_000,
  };
}

/** Key data hardly shrinks in a zip: what it holds may be twice its own size. */
function archiveLimitsFrom({ maxZipBytes }: Config): ArchiveLimits {
  return { ...DEFAULT_LIMITS, maxBytes: maxZipBytes, maxExportBytes: 2 * maxZipBytes };
}
