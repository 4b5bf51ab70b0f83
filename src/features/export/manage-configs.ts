// Making, changing and ending export configurations.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import type { KeyFilter } from "../exposures/exposure-types.ts";
import { restartBackfills } from "./backfill-queries.ts";
import { impossible, normaliseSettings, requirePossible } from "./check-settings.ts";
import type { ExportConfig, ExportErrorCode, ExportSettings } from "./export-types.ts";
import { keepFilter } from "./past-filter-queries.ts";
import { insertConfig, lockConfig, updateConfig, writeGivenUp } from "./queries.ts";
import { lifeOfExport } from "./settle-end.ts";

/** Regions are taken in upper case, each once. Throws `export_settings_invalid`, `period_invalid`, `export_exists`. */
export async function createExport(database: Database, wanted: ExportSettings): Promise<void> {
  const settings = normaliseSettings(wanted);
  requirePossible(settings);
  if (!(await insertConfig(database.db, settings))) {
    throw new CodedError<ExportErrorCode>("export_exists", `there is an export "${settings.name}" already`);
  }
}

export type ExportChange = Partial<
  Pick<ExportSettings, "periodSeconds" | "thru" | "maxRecords" | "minRecords" | "paddingRange">
> & { readonly filter?: Partial<KeyFilter> };

/**
 * What is left out stays. Another filter holds from the open window on, which is read again from its beginning, and for
 * back-fills that are not complete; what the location has already it leaves out. Throws `export_unknown`,
 * `export_settings_invalid` (also once it has ended, and for an end before what was exported), `period_invalid`.
 */
export async function changeExport(database: Database, name: string, change: ExportChange): Promise<void> {
  await database.transaction(async (tx) => {
    const config = await lockConfig(tx, name);
    if (!config) throw exportUnknown(name);
    const wanted = changedConfig(config, change);
    await updateConfig(tx, wanted);
    if (sameFilter(config.filter, wanted.filter)) return;
    await keepFilter(tx, config);
    await restartBackfills(tx, config.id);
  });
}

/** Lets an export end: its last window, however short, ends at `thru`. Throws `export_unknown`, and for the past. */
export function endExport(database: Database, name: string, thru: UnixSeconds): Promise<void> {
  return changeExport(database, name, { thru });
}

/**
 * Lets an export end now, or where it has come to or right after it begins if that is later. Throws `export_unknown`, and
 * `export_settings_invalid` once it has ended.
 */
export async function endExportNow(database: Database, name: string, now: UnixSeconds): Promise<void> {
  await database.transaction(async (tx) => {
    const config = await lockConfig(tx, name);
    if (!config) throw exportUnknown(name);
    // One that has come to its end keeps it.
    if (lifeOfExport(config, now) === "ending") return;
    await updateConfig(tx, changedConfig(config, { thru: Math.max(now, reachedBy(config), config.from + 1) }));
  });
}

/**
 * Ends an export that is ending although keys that ran at its end are not exported yet; they are not. Throws
 * `export_unknown`, `export_not_ending`.
 */
export async function giveUpExport(database: Database, name: string, reason: string, now: UnixSeconds): Promise<void> {
  await database.transaction(async (tx) => {
    const config = await lockConfig(tx, name);
    if (!config) throw exportUnknown(name);
    if (lifeOfExport(config, now) !== "ending") throw notEnding();
    await writeGivenUp(tx, config, reason.trim(), now);
  });
}

function notEnding(): CodedError<ExportErrorCode> {
  return new CodedError("export_not_ending", "only an export that has come to its end can be given up", {
    remedy: "Give it an end first (`thru`), and wait for the keys that run then.",
  });
}

/** The configuration as it goes on. */
function changedConfig(config: ExportConfig, change: ExportChange): ExportConfig {
  if (config.endedAt !== null) throw impossible("it has ended already");
  const wanted = normaliseSettings({ ...config, ...change, filter: { ...config.filter, ...change.filter } });
  requirePossible(wanted);
  const reached = reachedBy(config);
  const isMoved = wanted.thru !== config.thru;
  if (isMoved && wanted.thru !== null && wanted.thru < reached) {
    throw impossible(`it has exported beyond that end already, up to ${isoTime(reached)}`);
  }
  const changed = isMoved ? { ...wanted, endingUntil: null } : wanted;
  if (config.openWindow === null || sameFilter(config.filter, wanted.filter)) return changed;
  return { ...changed, openWindow: { end: config.openWindow.end, list: "released", after: null } };
}

/** No end can lie before this. */
function reachedBy({ openWindow, exportedUntil, from }: ExportConfig): UnixSeconds {
  return openWindow?.end ?? exportedUntil ?? from;
}

export function exportUnknown(name: string): CodedError {
  return new CodedError<ExportErrorCode>("export_unknown", `there is no export "${name}"`);
}

/** Of normalised filters. */
function sameFilter(a: KeyFilter, b: KeyFilter): boolean {
  return textOfFilter(a) === textOfFilter(b);
}

function textOfFilter({ includeRegions, excludeRegions, travelers }: KeyFilter): string {
  return JSON.stringify([includeRegions, excludeRegions, travelers]);
}
