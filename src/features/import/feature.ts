// The import feature: another server's archives become exposure keys here, none lost and none twice.

import { join } from "node:path";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { changeTrust, trust } from "../upstreams/trust-follower.ts";
import type { TrustedKeyFacts } from "../upstreams/upstream-types.ts";
import { sourceRoutes } from "./admin-api.ts";
import { importAheadTables } from "./ahead-queries.ts";
import { type Discovery, discoverArchives } from "./discover-archives.ts";
import { type ImportRun, importArchives } from "./import-archives.ts";
import { importJobs } from "./import-jobs.ts";
import { DEFAULT_SETTINGS, type ImportDeps, type ImportSettings, type ImportSource } from "./import-types.ts";
import { retryArchives } from "./reopen-archives.ts";
import { sourceKind } from "./source-kind.ts";
import { addSource, type NewSource } from "./sources/add-source.ts";
import { findSource } from "./sources/find-source.ts";
import { readSources } from "./sources/queries.ts";
import { type SourceStatus, sourceStatus } from "./sources/source-status.ts";
import { readSourceOverviews, type SourceOverview } from "./status.ts";

export const importMigrations: MigrationSet = { name: "import", folder: join(import.meta.dirname, "migrations") };

export interface NewTrustedKey extends Omit<TrustedKeyFacts, "from" | "until"> {
  /** By default from the beginning of time: it is for archives that exist already. */
  readonly from?: number;
  /** By default never. */
  readonly until?: number | null;
}

export interface ImportFeature {
  addSource(source: NewSource): Promise<ImportSource>;
  listSources(): Promise<ImportSource[]>;
  sourceStatus(sourceName: string): Promise<SourceStatus>;
  /** Answers its id. */
  addTrustedKey(sourceName: string, trustedKey: NewTrustedKey): Promise<number>;
  /** `until` null: it is trusted without an end. */
  changeTrustedKey(sourceName: string, trustedKeyId: number, until: UnixSeconds | null): Promise<void>;
  discoverArchives(source: ImportSource, now: UnixSeconds): Promise<Discovery>;
  importArchives(source: ImportSource, now: UnixSeconds): Promise<ImportRun>;
  /** Makes quarantined and waiting archives due at once: the one of `line`, or all. Answers how many. */
  retryArchives(sourceName: string, line?: string): Promise<number>;
  /** All sources as operators see them, by name. */
  status(database: Database, now: UnixSeconds): Promise<SourceOverview[]>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export interface ImportFeatureDeps extends Omit<ImportDeps, "settings"> {
  /** What differs from the defaults. */
  readonly settings?: Partial<ImportSettings>;
}

export function createImportFeature(given: ImportFeatureDeps): ImportFeature {
  const deps: ImportDeps = { ...given, settings: { ...DEFAULT_SETTINGS, ...given.settings } };
  return {
    addSource: (source) => addSource(deps, source),
    listSources: () => readSources(deps.database.db),
    sourceStatus: (sourceName) => sourceStatus(deps, sourceName),
    async addTrustedKey(sourceName, { from = 0, until = null, ...added }) {
      const facts = { ...added, from, until };
      const now = deps.clock.now();
      return (await deps.database.transaction((tx) => trust(deps, tx, sourceKind, sourceName, facts, now))).id;
    },
    async changeTrustedKey(sourceName, id, until) {
      const now = deps.clock.now();
      await deps.database.transaction((tx) => changeTrust(deps, tx, sourceKind, sourceName, id, until, now));
    },
    discoverArchives: (source, now) => discoverArchives(deps, source, now),
    importArchives: (source, now) => importArchives(deps, source, now),
    async retryArchives(sourceName, line) {
      return retryArchives(deps, await findSource(deps.database.db, sourceName), deps.clock.now(), line);
    },
    status: ({ db }, now) => readSourceOverviews(db, null, now),
    ahead: importAheadTables(deps.settings),
    routes: sourceRoutes(deps),
    jobs: importJobs(deps),
  };
}
