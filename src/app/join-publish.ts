// The features around uploads, joined: certificates, revision tokens, statistics, and the publish API over them.

import type { ArchiveTools } from "../archive/archive-types.ts";
import type { Random } from "../core/random.ts";
import type { ExposuresFeature } from "../features/exposures/feature.ts";
import { findSource } from "../features/import/sources/find-source.ts";
import { createPublishFeature, type PublishFeature } from "../features/publish/feature.ts";
import { createRevisionFeature, type RevisionFeature } from "../features/revision/feature.ts";
import { createStatsFeature, type StatsFeature } from "../features/stats/feature.ts";
import { readMergedSuppliers } from "../features/upstreams/supplier-queries.ts";
import { createVerificationFeature, type VerificationFeature } from "../features/verification/feature.ts";
import type { Config } from "../platform/config/config.ts";
import type { Database } from "../platform/database/database.ts";
import type { Fetcher } from "../platform/http/fetcher.ts";
import type { EncryptionKeys } from "../platform/keys/encryption-keys.ts";
import type { Report } from "../platform/observe/report.ts";
import type { JudgedClock } from "../platform/time/clock-trust.ts";
import type { Pace } from "../platform/time/pace.ts";
import { systemPace } from "../platform/time/system-clock.ts";
import {
  publishSettingsFrom,
  revisionSettingsFrom,
  statsSettingsFrom,
  verificationSettingsFrom,
} from "./upload-settings.ts";

export interface PublishParts {
  readonly database: Database;
  readonly encryptionKeys: EncryptionKeys;
  readonly archiveTools: ArchiveTools;
  readonly fetcher: Fetcher;
  readonly clock: JudgedClock;
  readonly random: Random;
  /** Of uploads, which draw in the order of their arrival: a simulation that repeats keeps it apart from the rest. */
  readonly uploadRandom?: Random;
  readonly report: Report;
  /** How long answers take and chaff waits; the machine's own unless a simulation has another. */
  readonly pace?: Pace;
}

export interface JoinedPublish {
  readonly verification: VerificationFeature;
  readonly revision: RevisionFeature;
  readonly stats: StatsFeature;
  readonly publish: PublishFeature;
}

export function joinPublish(given: PublishParts, exposures: ExposuresFeature, config: Config): JoinedPublish {
  const parts = { ...given, random: given.uploadRandom ?? given.random };
  const verification = createVerificationFeature({ ...parts, settings: verificationSettingsFrom(config) });
  const revision = createRevisionFeature({
    ...parts,
    findSupplierId: async (database, name) => (await findSource(database.db, name)).supplier.id,
    settings: revisionSettingsFrom(config),
  });
  const stats = createStatsFeature({ ...parts, settings: statsSettingsFrom(config) });
  const publish = createPublishFeature({
    ...parts,
    ...(parts.pace ?? systemPace),
    exposures,
    verification,
    revision,
    stats,
    readMergedSuppliers,
    settings: publishSettingsFrom(config),
  });
  return { verification, revision, stats, publish };
}
