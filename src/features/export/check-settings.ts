// Which settings an export may have.

import { MAX_ARCHIVE_KEYS } from "../../archive/archive-types.ts";
import { CodedError } from "../../core/coded-error.ts";
import { assertPeriod } from "../../core/plan-windows.ts";
import type { ExportErrorCode, ExportSettings } from "./export-types.ts";

/** Regions in upper case, each once; no include region means the export's own. */
export function normaliseSettings<Settings extends Pick<ExportSettings, "region" | "filter">>(
  settings: Settings,
): Settings {
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

/** Throws `export_settings_invalid` and `period_invalid` for settings that contradict each other. */
export function requirePossible(settings: ExportSettings): void {
  assertPeriod(settings.periodSeconds);
  if (settings.thru !== null && settings.thru <= settings.from) throw impossible("it would end before it begins");
  const counts = [settings.maxRecords, settings.minRecords, settings.paddingRange, settings.backfillSeconds];
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0))
    throw impossible("its counts are whole numbers, none negative");
  if (settings.maxRecords < 1 || settings.maxRecords > MAX_ARCHIVE_KEYS) {
    throw impossible(`an archive holds between one key and ${MAX_ARCHIVE_KEYS}`);
  }
  if (settings.minRecords + settings.paddingRange > settings.maxRecords)
    throw impossible(
      `minRecords ${settings.minRecords} and paddingRange ${settings.paddingRange} together exceed maxRecords ${settings.maxRecords}`,
    );
  if (settings.filter.includeRegions.some((region) => settings.filter.excludeRegions.includes(region))) {
    throw impossible("a region is both included and excluded");
  }
}

export function impossible(why: string): CodedError {
  return new CodedError<ExportErrorCode>("export_settings_invalid", `the export is not possible: ${why}`);
}

function upperCase(regions: readonly string[]): string[] {
  return [...new Set(regions.map((region) => region.trim().toUpperCase()))].sort();
}
