// The one place where the parts of a server are joined: adapters in, features, their routes and their jobs out.

import type { ArchiveTools } from "../archive/archive-types.ts";
import type { UnixSeconds } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import {
  type AdministrationFeature,
  administrationMigrations,
  createAdministrationFeature,
} from "../features/administration/feature.ts";
import { createExportFeature, type ExportFeature, exportMigrations } from "../features/export/feature.ts";
import { createExposuresFeature, type ExposuresFeature, exposuresMigrations } from "../features/exposures/feature.ts";
import { createImportFeature, type ImportFeature, importMigrations } from "../features/import/feature.ts";
import { createLocationsFeature, type LocationsFeature, locationsMigrations } from "../features/locations/feature.ts";
import { type ContentFilter, filterContent } from "../features/locations/filter-content.ts";
import { createMigrationFeature, migrationMigrations } from "../features/migration/feature.ts";
import { createMirrorFeature, type MirrorFeature, mirrorMigrations } from "../features/mirror/feature.ts";
import { publishMigrations } from "../features/publish/feature.ts";
import { revisionMigrations } from "../features/revision/feature.ts";
import { createSigningKeysFeature } from "../features/signing-keys/feature.ts";
import { statsMigrations } from "../features/stats/feature.ts";
import { supplierRoutes } from "../features/upstreams/admin-api.ts";
import { upstreamAheadTables } from "../features/upstreams/ahead-queries.ts";
import { upstreamMigrations } from "../features/upstreams/feature.ts";
import { readFollowed } from "../features/upstreams/queries.ts";
import { verificationMigrations } from "../features/verification/feature.ts";
import { type WatchFeature, watchMigrations } from "../features/watch/feature.ts";
import type { BlobStore } from "../platform/blobs/blob-store.ts";
import { type Config, parseConfig } from "../platform/config/config.ts";
import type { Database } from "../platform/database/database.ts";
import { type MigrationSet, migrate } from "../platform/database/migrate.ts";
import type { AdminRoute } from "../platform/http/admin/admin-route.ts";
import type { Fetcher } from "../platform/http/fetcher.ts";
import type { PublicRoute } from "../platform/http/public-route.ts";
import { jobAheadTables } from "../platform/jobs/ahead-queries.ts";
import { jobMigrations } from "../platform/jobs/boss-runner.ts";
import { fenceFetches, fenceRuns } from "../platform/jobs/fence-runs.ts";
import { gateJobs } from "../platform/jobs/gate-jobs.ts";
import type { Job } from "../platform/jobs/job.ts";
import type { EncryptionKeys } from "../platform/keys/encryption-keys.ts";
import type { SigningKeys } from "../platform/keys/signing-keys.ts";
import type { Report } from "../platform/observe/report.ts";
import { type Trace, traceNothing } from "../platform/observe/trace.ts";
import { clockAheadTables, clockMigrations } from "../platform/time/clock-queries.ts";
import type { JudgedClock } from "../platform/time/clock-trust.ts";
import type { Pace } from "../platform/time/pace.ts";
import { systemPace } from "../platform/time/system-clock.ts";
import { type AllAheadTables, joinAheadTables } from "./clock/put-back.ts";
import type { TimeSource } from "./clock/read-upstreams.ts";
import { importSettingsFrom, recordLimitsFrom, upstreamLimitsFrom } from "./feature-settings.ts";
import { readFeeders } from "./feeders.ts";
import { withPeriods } from "./job-periods.ts";
import { type JoinedPublish, joinPublish } from "./join-publish.ts";
import { joinWatch } from "./join-watch.ts";
import { readProgramVersion } from "./program-version.ts";
import { documentRoute } from "./public-api/document-route.ts";
import { traceAppends } from "./trace-appends.ts";

export interface ServerParts {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly encryptionKeys: EncryptionKeys;
  readonly archiveTools: ArchiveTools;
  readonly fetcher: Fetcher;
  /** What needs more than it allows waits: jobs, expiry, refusals for reasons of time. */
  readonly clock: JudgedClock;
  readonly random: Random;
  /** Of uploads, which draw in the order of their arrival: a simulation that repeats keeps it apart from the rest. */
  readonly uploadRandom?: Random;
  readonly report: Report;
  readonly trace?: Trace;
  /** How long answers take, chaff waits, and an export waits for saves; the machine's own unless a simulation has another. */
  readonly pace?: Pace;
  /** Of whoever runs the server, beside those of the features. */
  readonly ownJobs?: readonly Job[];
  /** Where phones find the trees, once that is known; without it nothing watches from there. */
  readonly publicUrl?: () => string | null;
  /** What a location leaves out; the product's own unless a simulation shows what happens without it. */
  readonly filter?: ContentFilter;
  /** The shortest retention of a location; ten days unless a simulation of short lives says less. */
  readonly leastRetentionSeconds?: number;
}

export interface Server extends JoinedPublish {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly exposures: ExposuresFeature;
  readonly locations: LocationsFeature;
  readonly exports: ExportFeature;
  readonly imports: ImportFeature;
  readonly mirrors: MirrorFeature;
  readonly administration: AdministrationFeature;
  readonly watch: WatchFeature;
  /** What a clock that was ahead has written, of all features. */
  readonly aheadTables: AllAheadTables;
  /** The servers that this one reads from, which can tell what time it is. */
  timeSources(now: UnixSeconds): Promise<TimeSource[]>;
  /** What the features answer in the admin API. */
  readonly routes: readonly AdminRoute[];
  /** What they answer at the public listener. */
  readonly publicRoutes: readonly PublicRoute[];
  /** Everything that has to run from time to time; what the clock does not allow rejects with `clock_in_doubt`. */
  readonly jobs: readonly Job[];
}

export const MIGRATIONS: readonly MigrationSet[] = [
  exposuresMigrations,
  locationsMigrations,
  exportMigrations,
  upstreamMigrations,
  importMigrations,
  mirrorMigrations,
  verificationMigrations,
  revisionMigrations,
  statsMigrations,
  publishMigrations,
  administrationMigrations,
  migrationMigrations,
  watchMigrations,
  jobMigrations,
  clockMigrations,
];

/** Brings the tables up to date and joins the features. What `settings` leave out has its default. */
export async function createServer(given: ServerParts, settings: Partial<Config>): Promise<Server> {
  await migrate(given.database, MIGRATIONS, given.clock);
  const parts = {
    ...given,
    database: fenceRuns(given.database, given.clock),
    fetcher: fenceFetches(given.fetcher),
  };
  const config: Config = { ...parseConfig({}), ...settings };
  const { truncateWindowSeconds, minWindowAgeSeconds, allowGeneratedKeys, auditKeptSeconds } = config;
  const exposures = createExposuresFeature({ ...parts, settings: { truncateWindowSeconds }, allowGeneratedKeys });
  const locations = traceAppends(
    createLocationsFeature({
      ...parts,
      filter: parts.filter ?? filterContent,
      retentionSeconds: config.cleanupTtlSeconds,
      readFeeders: (database, location, at) => readFeeders({ exports, mirrors }, database, location, at),
    }),
    parts.trace ?? traceNothing,
  );
  const exports = createExportFeature({
    ...parts,
    pace: parts.pace ?? systemPace,
    locations,
    settings: { truncateWindowSeconds, minWindowAgeSeconds },
    recordLimits: recordLimitsFrom(config),
  });
  const imports = createImportFeature({
    ...parts,
    exposures: exposures.settings,
    settings: importSettingsFrom(config),
  });
  const mirrors = createMirrorFeature({ ...parts, locations, limits: upstreamLimitsFrom(config) });
  const signingKeys = createSigningKeysFeature({ ...parts, readSealUses: locations.sealUses });
  const administration = createAdministrationFeature({ ...parts, settings: { auditKeptSeconds } });
  const migrations = createMigrationFeature();
  const { publicUrl } = parts;
  const watch = joinWatch(
    parts,
    { locations, exports, imports, mirrors, exposures },
    config,
    publicUrl ?? (() => null),
  );
  const joined = joinPublish(parts, exposures, config);
  const { verification, revision, stats, publish } = joined;
  const working = [imports, exports, mirrors, locations, exposures, verification, revision, stats, publish];
  const watching = publicUrl === undefined ? [] : watch.jobs;
  const jobs = [
    ...[...working, administration].flatMap((feature) => feature.jobs),
    ...watching,
    ...(parts.ownJobs ?? []),
  ];
  const uploading = [verification, publish, revision];
  const routed = [
    administration,
    signingKeys,
    locations,
    exports,
    imports,
    mirrors,
    exposures,
    ...uploading,
    migrations,
  ];
  return {
    database: given.database,
    blobs: parts.blobs,
    signingKeys: parts.signingKeys,
    exposures,
    locations,
    exports,
    imports,
    mirrors,
    ...joined,
    administration,
    watch,
    aheadTables: joinAheadTables(given.database, [
      ...[
        exposures,
        exports,
        locations,
        imports,
        mirrors,
        verification,
        revision,
        administration,
        migrations,
        watch,
      ].map(({ ahead }) => ahead),
      upstreamAheadTables,
      jobAheadTables,
      clockAheadTables,
    ]),
    async timeSources(now) {
      const followed = await readFollowed(given.database.db, now);
      const indexes = followed.map(({ indexUrl, ...source }) => ({ ...source, url: indexUrl }));
      return [...indexes, ...(await verification.jwksSources())];
    },
    publicRoutes: [...publish.publicRoutes, documentRoute(readProgramVersion())],
    routes: [...routed.flatMap((feature) => feature.routes), ...supplierRoutes()],
    jobs: gateJobs(withPeriods(jobs, config.jobPeriodsSeconds), parts.clock),
  };
}
