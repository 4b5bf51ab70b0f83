// One server that stores exposure keys and exports them to the location "client".

import { HOUR, MINUTE, type UnixSeconds } from "../../src/core/clock.ts";
import type { ExportSettings } from "../../src/features/export/export-types.ts";
import {
  createExportFeature,
  type ExportFeature,
  type ExportFeatureDeps,
  exportMigrations,
} from "../../src/features/export/feature.ts";
import type { SaveRequest } from "../../src/features/exposures/exposure-types.ts";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import { systemPace } from "../../src/platform/time/system-clock.ts";
import type { OpenDatabase } from "./databases.ts";
import { save } from "./exposure-world.ts";
import { type LocationWorld, type LocationWorldOptions, makeLocationWorld, START } from "./location-world.ts";

export const RUN_SETTINGS = { minWindowAgeSeconds: 10 * MINUTE, truncateWindowSeconds: HOUR };
/** How long after its end a window is due. */
export const AGE = RUN_SETTINGS.minWindowAgeSeconds;

export interface ExportWorld extends LocationWorld {
  readonly exporter: ExportFeature;
  anotherExporter(changes?: Partial<ExportFeatureDeps>): ExportFeature;
  /** "main": hourly, region XX, from START on, to "client", no padding; unless `changes` say otherwise. */
  createExport(changes?: Partial<ExportSettings>): Promise<void>;
  /** Saves keys of region XX at `now`. */
  save(changes: Partial<SaveRequest>, now: UnixSeconds): Promise<void>;
  /** Everything that is due at `now`; then the follower checks. */
  run(now: UnixSeconds, exporter?: ExportFeature): Promise<void>;
  /** The codes of the exports that failed so far. */
  failures(): unknown[];
}

export async function makeExportWorld(open: OpenDatabase, options: LocationWorldOptions = {}): Promise<ExportWorld> {
  const world = await makeLocationWorld(open, {
    ...options,
    migrations: [exposuresMigrations, exportMigrations, ...(options.migrations ?? [])],
  });
  const { database, events, feature, follower } = world;
  let exporters = 0;
  const anotherExporter = (changes: Partial<ExportFeatureDeps> = {}) =>
    createExportFeature({
      pace: systemPace,
      database,
      locations: feature,
      random: seededRandom(exporters++),
      report: (event) => void events.push(event),
      settings: RUN_SETTINGS,
      ...changes,
    });
  const exporter = anotherExporter();
  return {
    ...world,
    exporter,
    anotherExporter,
    createExport: (changes = {}) => exporter.create({ ...DEFAULT_EXPORT, ...changes }),
    async save(changes, now) {
      await save(database, { ...changes, now });
    },
    async run(now, by = exporter) {
      await runExport(by, now);
      await follower.check();
    },
    failures: () => events.filter(({ event }) => event === "export.failed").map(({ code }) => code),
  };
}

const DEFAULT_EXPORT: ExportSettings = {
  name: "main",
  location: "client",
  region: "XX",
  filter: { includeRegions: ["XX"], excludeRegions: [], travelers: "region" },
  periodSeconds: HOUR,
  from: START,
  thru: null,
  backfillSeconds: 0,
  maxRecords: 1_000,
  minRecords: 0,
  paddingRange: 0,
};

export async function runExport(exporter: ExportFeature, now: UnixSeconds): Promise<void> {
  for (const job of exporter.jobs) await job.run(now);
}
