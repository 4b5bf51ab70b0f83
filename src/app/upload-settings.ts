// The configuration in the words of the features around uploads.

import type { PublishSettings } from "../features/publish/publish-types.ts";
import type { RevisionSettings } from "../features/revision/revision-types.ts";
import type { StatsSettings } from "../features/stats/stats-types.ts";
import type { VerificationSettings } from "../features/verification/verification-types.ts";
import type { Config } from "../platform/config/config.ts";

export function publishSettingsFrom(config: Config): PublishSettings {
  return {
    limits: {
      maxExposureKeys: config.maxKeysOnPublish,
      maxSameStart: config.maxSameStartIntervalKeys,
      maxAgeSeconds: config.maxIntervalAgeOnPublishSeconds,
    },
    onset: {
      maxReportDays: config.maxValidSymptomOnsetReportDays,
      defaultDaysAgo: config.defaultSymptomOnsetDaysAgo,
    },
    paddingMinBytes: config.responsePaddingMinBytes,
    paddingRangeBytes: config.responsePaddingRange,
    statsAudience: config.statsAudience,
    isInMaintenance: config.maintenanceMode,
    requestsPerMinute: config.uploadsPerMinute,
    chaffMaxLatencyMilliseconds: config.chaffRequestMaxLatencyMs,
  };
}

export function revisionSettingsFrom(config: Config): RevisionSettings {
  const { revisionTokenAad } = config;
  return {
    encryptionKeyName: config.revisionTokenKeyId,
    authenticated: revisionTokenAad === undefined ? Buffer.from(config.name) : Buffer.from(revisionTokenAad, "base64"),
    newKeySeconds: config.newKeyPeriodSeconds,
    oldKeySeconds: config.deleteOldKeyPeriodSeconds,
    cacheSeconds: config.revisionKeyCacheDurationSeconds,
  };
}

export function statsSettingsFrom(config: Config): StatsSettings {
  return {
    uploadMinimum: config.statsUploadMinimum,
    embargoSeconds: config.statsEmbargoPeriodSeconds,
    keptSeconds: config.cleanupTtlSeconds,
  };
}

export function verificationSettingsFrom(config: Config): Partial<VerificationSettings> {
  return {
    certificateMaxLifetimeSeconds: config.certificateMaxLifetimeSeconds,
    clockLeewaySeconds: config.certificateClockLeewaySeconds,
  };
}
