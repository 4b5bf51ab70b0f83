// Which keys each export takes, and has taken: facts for those who ask whether a key reaches a location at all.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import type { Db } from "../../platform/database/database.ts";
import type { KeyFilter } from "../exposures/exposure-types.ts";
import type { ExportConfig, RunSettings } from "./export-types.ts";
import { readPastFilters, readStretches } from "./past-filter-queries.ts";
import { readConfigs } from "./queries.ts";
import { lastEnd } from "./settle-end.ts";

export interface ExportCoverage
  extends Pick<ExportConfig, "name" | "location" | "region" | "filter" | "exportedUntil" | "endedAt"> {
  /** Keys released from here on. */
  readonly start: UnixSeconds;
  /** Keys released before; null: no end. */
  readonly until: UnixSeconds | null;
  /** Filters that it had before, for keys released before their end, the oldest first. */
  readonly pastFilters: readonly { readonly filter: KeyFilter; readonly until: UnixSeconds }[];
  /** Stretches that are exported once more under the filter in force. */
  readonly stretches: readonly { readonly from: UnixSeconds; readonly thru: UnixSeconds; readonly isDone: boolean }[];
}

/** A key that runs when its export ends is released within so long, and still exported. */
const LONGEST_RUN_SECONDS = DAY + 2 * HOUR;

/** All exports, by name, with three queries. */
export async function readCoverage(db: Db, settings: RunSettings): Promise<ExportCoverage[]> {
  const configs = await readConfigs(db);
  const filters = Map.groupBy(await readPastFilters(db), ({ configId }) => configId);
  const stretches = Map.groupBy(await readStretches(db), ({ configId }) => configId);
  return configs.map((config) => {
    const { id, name, location, region, filter, exportedUntil, endedAt } = config;
    const start = startOf(config, settings);
    const pastFilters = filters.get(id) ?? [];
    const asked = (stretches.get(id) ?? []).filter(({ completedAt }) => completedAt !== null || endedAt === null);
    return {
      name,
      location,
      region,
      filter,
      exportedUntil,
      endedAt,
      start,
      until: untilOf(config, start),
      pastFilters,
      stretches: asked.map(({ from, thru, completedAt }) => ({ from, thru, isDone: completedAt !== null })),
    };
  });
}

/** Where its first window begins. */
function startOf(
  { from, periodSeconds, backfillSeconds }: ExportConfig,
  { truncateWindowSeconds }: RunSettings,
): UnixSeconds {
  return backfillSeconds > 0
    ? truncateWindow(from - backfillSeconds, truncateWindowSeconds)
    : truncateWindow(from, periodSeconds);
}

function untilOf(config: ExportConfig, start: UnixSeconds): UnixSeconds | null {
  const { thru, endingUntil, endedAt, exportedUntil } = config;
  if (endedAt !== null) return exportedUntil ?? start;
  if (thru === null) return null;
  return endingUntil === null ? thru + LONGEST_RUN_SECONDS : lastEnd(config);
}
