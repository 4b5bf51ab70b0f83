// The SQL on filters that exports had before, and on stretches that were exported under them.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { KeyFilter } from "../exposures/exposure-types.ts";
import type { ExportConfig } from "./export-types.ts";

export interface PastFilter {
  readonly configId: number;
  /** It held for windows before. */
  readonly until: UnixSeconds;
  readonly filter: KeyFilter;
}

/** Keeps the filter that is replaced, unless nothing was exported under it. */
export async function keepFilter(tx: Db, { id, filter, exportedUntil }: ExportConfig): Promise<void> {
  if (exportedUntil === null) return;
  await sql`
    insert into export_past_filter (config_id, until_at, include_regions, exclude_regions, travelers)
    values (${id}::bigint, ${exportedUntil}::bigint, ${filter.includeRegions}::text[],
      ${filter.excludeRegions}::text[], ${filter.travelers})`.execute(tx);
  await sql`
    update export_backfill set under_past_filter = true
    where config_id = ${id}::bigint and completed_at is not null`.execute(tx);
}

/** Of all exports, in the order in which they were replaced. */
export async function readPastFilters(db: Db): Promise<PastFilter[]> {
  const { rows } = await sql<Omit<PastFilter, "filter"> & KeyFilter>`
    select config_id as "configId", until_at as "until", include_regions as "includeRegions", exclude_regions as "excludeRegions", travelers
    from export_past_filter order by id`.execute(db);
  return rows.map(({ includeRegions, excludeRegions, travelers, ...past }) => ({
    ...past,
    filter: { includeRegions, excludeRegions, travelers },
  }));
}

export interface Stretch {
  readonly configId: number;
  readonly from: UnixSeconds;
  readonly thru: UnixSeconds;
  readonly completedAt: UnixSeconds | null;
}

/** All stretches that were to be exported once more under the filter in force. */
export async function readStretches(db: Db): Promise<Stretch[]> {
  const { rows } = await sql<Stretch>`
    select config_id as "configId", from_at as "from", thru_at as "thru", completed_at as "completedAt"
    from export_backfill where not under_past_filter order by id`.execute(db);
  return rows;
}
