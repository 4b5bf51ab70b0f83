// The one place where the parts of a server are joined: adapters in, features and their jobs out.

import type { ArchiveTools } from "../archive/archive-types.ts";
import type { Clock } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import { createExportFeature, type ExportFeature, exportMigrations } from "../features/export/feature.ts";
import { createExposuresFeature, type ExposuresFeature, exposuresMigrations } from "../features/exposures/feature.ts";
import { createImportFeature, type ImportFeature, importMigrations } from "../features/import/feature.ts";
import { createLocationsFeature, type LocationsFeature, locationsMigrations } from "../features/locations/feature.ts";
import { type ContentFilter, filterContent } from "../features/locations/filter-content.ts";
import { createMirrorFeature, type MirrorFeature, mirrorMigrations } from "../features/mirror/feature.ts";
import type { BlobStore } from "../platform/blobs/blob-store.ts";
import type { Config } from "../platform/config/config.ts";
import type { Database } from "../platform/database/database.ts";
import { migrate } from "../platform/database/migrate.ts";
import type { Fetcher } from "../platform/http/fetcher.ts";
import type { Job } from "../platform/jobs/job.ts";
import type { SigningKeys } from "../platform/keys/signing-keys.ts";
import type { Report } from "../platform/observe/report.ts";

export interface ServerParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly archiveTools: ArchiveTools;
  readonly fetcher: Fetcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  /** What a location leaves out; the product's own unless a simulation shows what happens without it. */
  readonly filter?: ContentFilter;
}

export interface Server {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly exposures: ExposuresFeature;
  readonly locations: LocationsFeature;
  readonly exports: ExportFeature;
  readonly imports: ImportFeature;
  readonly mirrors: MirrorFeature;
  /** Everything that has to run from time to time. */
  readonly jobs: readonly Job[];
}

type Settings = Pick<Config, "truncateWindowSeconds" | "minWindowAgeSeconds">;

const MIGRATIONS = [exposuresMigrations, locationsMigrations, exportMigrations, importMigrations, mirrorMigrations];

/** Brings the tables up to date and joins the features. */
export async function createServer(parts: ServerParts, settings: Settings): Promise<Server> {
  await migrate(parts.database, MIGRATIONS, parts.clock);
  const { truncateWindowSeconds, minWindowAgeSeconds } = settings;
  const exposures = createExposuresFeature({ ...parts, settings: { truncateWindowSeconds } });
  const locations = createLocationsFeature({ ...parts, filter: parts.filter ?? filterContent });
  const exports = createExportFeature({
    ...parts,
    locations,
    settings: { truncateWindowSeconds, minWindowAgeSeconds },
  });
  const imports = createImportFeature({ ...parts, exposures: exposures.settings });
  const mirrors = createMirrorFeature({ ...parts, locations });
  const features = [imports, exports, mirrors, locations, exposures];
  return {
    database: parts.database,
    blobs: parts.blobs,
    signingKeys: parts.signingKeys,
    exposures,
    locations,
    exports,
    imports,
    mirrors,
    jobs: features.flatMap((feature) => feature.jobs),
  };
}
