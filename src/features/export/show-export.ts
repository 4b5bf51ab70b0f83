// Exports and their back-fills in the words of the admin API.

import { isoTime, isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { BackfillBody, ExportBody } from "./admin-schemas.ts";
import { readBackfillsOf } from "./backfill-queries.ts";
import type { Backfill } from "./backfill-types.ts";
import type { ExportConfig, RunSettings, WindowPart } from "./export-types.ts";
import { lagSeconds } from "./measure-lag.ts";
import { readExportStates } from "./overview-queries.ts";
import { lifeOfExport } from "./settle-end.ts";

const BACKFILLS_SHOWN = 20;
const NOTHING = { archives: 0, primaries: 0, revised: 0, leftOut: 0, generated: 0 };

export async function showExports(
  db: Db,
  settings: RunSettings,
  configs: readonly ExportConfig[],
  now: UnixSeconds,
): Promise<ExportBody[]> {
  const ids = configs.map(({ id }) => id);
  const states = await readExportStates(db, ids);
  const bodies: ExportBody[] = [];
  for (const config of configs) {
    const { totals = NOTHING, failure = null } = states.get(config.id) ?? {};
    const backfills = await readBackfillsOf(db, config.id, BACKFILLS_SHOWN);
    bodies.push({
      ...settingsOf(config),
      exportedUntil: isoTimeOrNull(config.exportedUntil),
      openWindow: openWindowOf(config),
      life: lifeOfExport(config, now),
      endingUntil: isoTimeOrNull(config.endingUntil),
      endedAt: isoTimeOrNull(config.endedAt),
      givenUp: config.givenUp,
      lagSeconds: lagSeconds(config, settings, now),
      totals,
      lastFailure: failure && { ...failure, at: isoTime(failure.at) },
      backfills: backfills.map(toBackfillBody),
    });
  }
  return bodies;
}

/** What an export has exported in all, back-fills included. */
export async function readTotals(db: Db, config: ExportConfig | undefined): Promise<WindowPart> {
  if (!config) return NOTHING;
  return (await readExportStates(db, [config.id])).get(config.id)?.totals ?? NOTHING;
}

export function toBackfillBody(backfill: Backfill): BackfillBody {
  const { id, from, thru, requestedAt, completedAt } = backfill;
  const { archives, primaries, revised, leftOut, generated } = backfill;
  return {
    id,
    from: isoTime(from),
    thru: isoTime(thru),
    requestedAt: isoTime(requestedAt),
    cursor: isoTimeOrNull(completedAt === null ? cursorOf(backfill) : thru),
    completedAt: isoTimeOrNull(completedAt),
    archives,
    primaries,
    revised,
    leftOut,
    generated,
  };
}

/** Released keys come first; while revised ones are read, all of those are done. */
function cursorOf({ progress, thru }: Backfill): UnixSeconds | null {
  if (progress === null) return null;
  return progress.list === "revised" ? thru : (progress.after?.at ?? null);
}

function settingsOf(config: ExportConfig) {
  const { name, location, region, filter, periodSeconds, backfillSeconds } = config;
  const { maxRecords, minRecords, paddingRange } = config;
  return {
    name,
    location,
    region,
    includeRegions: [...filter.includeRegions],
    excludeRegions: [...filter.excludeRegions],
    travelers: filter.travelers,
    periodSeconds,
    from: isoTime(config.from),
    thru: isoTimeOrNull(config.thru),
    backfillSeconds,
    maxRecords,
    minRecords,
    paddingRange,
  };
}

function openWindowOf({ openWindow, exportedUntil }: ExportConfig): ExportBody["openWindow"] {
  if (openWindow === null || exportedUntil === null) return null;
  return { start: isoTime(exportedUntil), end: isoTime(openWindow.end) };
}
