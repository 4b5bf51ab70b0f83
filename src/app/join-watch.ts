// What the watch is told of the other features, in its words.

import type { ArchiveTools } from "../archive/archive-types.ts";
import type { ExportFeature } from "../features/export/feature.ts";
import type { ExposuresFeature } from "../features/exposures/feature.ts";
import type { ImportFeature } from "../features/import/feature.ts";
import type { LocationsFeature } from "../features/locations/feature.ts";
import type { MirrorFeature } from "../features/mirror/feature.ts";
import { waitingLines } from "../features/mirror/judge-progress.ts";
import { createWatchFeature, type WatchFeature } from "../features/watch/feature.ts";
import type { WatchedUpstream } from "../features/watch/watch-types.ts";
import type { Config } from "../platform/config/config.ts";
import type { Database, Db } from "../platform/database/database.ts";
import type { Fetcher } from "../platform/http/fetcher.ts";
import type { SigningKeys } from "../platform/keys/signing-keys.ts";
import type { Report } from "../platform/observe/report.ts";
import { upstreamLimitsFrom } from "./feature-settings.ts";

export interface JoinedForWatch {
  readonly locations: LocationsFeature;
  readonly exports: ExportFeature;
  readonly imports: ImportFeature;
  readonly mirrors: MirrorFeature;
  readonly exposures: ExposuresFeature;
}

export interface WatchParts {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly signingKeys: SigningKeys;
  readonly report: Report;
}

/** `publicUrl`: where phones find the trees, once that is known. */
export function joinWatch(
  parts: WatchParts,
  features: JoinedForWatch,
  config: Config,
  publicUrl: () => string | null,
): WatchFeature {
  const { locations, exports, exposures } = features;
  return createWatchFeature({
    ...parts,
    settings: { ...upstreamLimitsFrom(config), truncateWindowSeconds: config.truncateWindowSeconds },
    publicUrl,
    readSeals: locations.readAllSeals,
    readTree: async (db, location) => {
      const tree = await locations.readTree(db, location);
      return tree && { ...tree, location };
    },
    readFlow: async (db, now) => ({
      exports: await exports.coverage(db),
      upstreams: await readUpstreams(features, { ...parts.database, db }, now),
      locations: await locations.readAllSeals(db),
    }),
    countReleases: (db: Db, from) => exposures.countReleases(db, from),
    listSigningKeys: async () => (isSigning(config) ? parts.signingKeys.list() : null),
  });
}

/** Archives are sealed where exports and mirrors run. */
export function isSigning({ duties }: Pick<Config, "duties">): boolean {
  return duties.includes("export") || duties.includes("mirror");
}

async function readUpstreams(
  { imports, mirrors }: JoinedForWatch,
  database: Database,
  now: number,
): Promise<WatchedUpstream[]> {
  const sources = await imports.status(database, now);
  return [
    ...sources.map(({ source, archives }): WatchedUpstream => {
      const waiting = archives.open + archives.leased + archives.retry + archives.quarantined;
      return { kind: "source", name: source.name, location: null, endedAt: source.endedAt, waiting };
    }),
    ...(await mirrors.status(database)).map((overview): WatchedUpstream => {
      const { name, location, endedAt } = overview.mirror;
      return { kind: "mirror", name, location, endedAt, waiting: waitingLines(overview) ?? 0 };
    }),
  ];
}
