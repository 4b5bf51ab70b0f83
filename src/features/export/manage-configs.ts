// Making and ending export configurations.

import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { assertPeriod } from "../../core/plan-windows.ts";
import type { Database } from "../../platform/database/database.ts";
import type { ExportErrorCode, ExportSettings } from "./export-types.ts";
import { insertConfig, readConfig, setThru } from "./queries.ts";

/** Regions are taken in upper case, each once. Throws `export_settings_invalid`, `period_invalid`, `export_exists`. */
export async function createExport(database: Database, wanted: ExportSettings): Promise<void> {
  const settings = normalise(wanted);
  assertPeriod(settings.periodSeconds);
  if (settings.thru !== null && settings.thru <= settings.from) throw invalid("it would end before it begins");
  const counts = [settings.maxRecords, settings.minRecords, settings.paddingRange, settings.backfillSeconds];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0))
    throw invalid("its counts are whole numbers, none negative");
  if (settings.maxRecords < 1 || settings.maxRecords > MAX_ARCHIVE_KEYS) {
    throw invalid(`an archive holds between one key and ${MAX_ARCHIVE_KEYS}`);
  }
  if (settings.minRecords + settings.paddingRange > settings.maxRecords) throw invalid("padding exceeds the maximum");
  if (settings.filter.includeRegions.some((region) => settings.filter.excludeRegions.includes(region))) {
    throw invalid("a region is both included and excluded");
  }
  if (!(await insertConfig(database.db, settings))) {
    throw new CodedError<ExportErrorCode>("export_exists", `there is an export "${settings.name}" already`);
  }
}

/** Lets an export end: its last window, however short, ends at `thru`. Throws `export_unknown`, and for the past. */
export async function endExport(database: Database, name: string, thru: UnixSeconds): Promise<void> {
  const config = await readConfig(database.db, name);
  if (!config) throw new CodedError<ExportErrorCode>("export_unknown", `there is no export "${name}"`);
  if (config.endedAt !== null) throw invalid("it has ended already");
  const reached = config.openWindow?.end ?? config.exportedUntil ?? config.from;
  if (thru < reached) throw invalid(`it has exported beyond that end already, up to ${reached}`);
  await setThru(database.db, name, thru);
}

function normalise(settings: ExportSettings): ExportSettings {
  const region = settings.region.trim().toUpperCase();
  const include = upperCase(settings.filter.includeRegions);
  return {
    ...settings,
    region,
    filter: {
      ...settings.filter,
      includeRegions: include.length > 0 ? include : [region],
      excludeRegions: upperCase(settings.filter.excludeRegions),
    },
  };
}

function upperCase(regions: readonly string[]): string[] {
  return [...new Set(regions.map((region) => region.trim().toUpperCase()))].sort();
}

function invalid(why: string): CodedError {
  return new CodedError<ExportErrorCode>("export_settings_invalid", `the export is not possible: ${why}`);
}
