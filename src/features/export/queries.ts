// All SQL on export configurations and their windows.

import { type Generated, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { ExportConfig, ExportSettings, OpenWindow, WindowPart } from "./export-types.ts";

type ExportTables = {
  export_config: {
    id: Generated<number>;
    name: string;
    location: string;
    region: string;
    include_regions: string[];
    exclude_regions: string[];
    travelers: "region" | "also" | "never";
    period_seconds: number;
    from_at: number;
    thru_at: number | null;
    backfill_seconds: number;
    max_records: number;
    min_records: number;
    padding_range: number;
    exported_until: number | null;
    open_end: number | null;
    open_list: "released" | "revised" | null;
    open_after_at: number | null;
    open_after_key: string | null;
    ending_until: number | null;
    ended_at: number | null;
    given_up: string | null;
    settings_revision: Generated<number>;
  };
  export_window: {
    config_id: number;
    start_at: number;
    end_at: number;
    archives: number;
    primaries: number;
    revised: number;
    left_out: number;
    generated: number;
    completed_at: number | null;
  };
};

const tables = (db: Db) => db.withTables<ExportTables>();

/** False when there is one of this name. */
export async function insertConfig(tx: Db, settings: ExportSettings): Promise<boolean> {
  const result = await tables(tx)
    .insertInto("export_config")
    .values({
      name: settings.name,
      location: settings.location,
      region: settings.region,
      include_regions: [...settings.filter.includeRegions],
      exclude_regions: [...settings.filter.excludeRegions],
      travelers: settings.filter.travelers,
      period_seconds: settings.periodSeconds,
      from_at: settings.from,
      thru_at: settings.thru,
      backfill_seconds: settings.backfillSeconds,
      max_records: settings.maxRecords,
      min_records: settings.minRecords,
      padding_range: settings.paddingRange,
      exported_until: null,
      open_end: null,
      open_list: null,
      open_after_at: null,
      open_after_key: null,
      ending_until: null,
      ended_at: null,
      given_up: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function readConfig(db: Db, name: string): Promise<ExportConfig | undefined> {
  const row = await tables(db).selectFrom("export_config").selectAll().where("name", "=", name).executeTakeFirst();
  return row && toConfig(row);
}

export async function readConfigById(db: Db, id: number): Promise<ExportConfig | undefined> {
  const row = await tables(db).selectFrom("export_config").selectAll().where("id", "=", id).executeTakeFirst();
  return row && toConfig(row);
}

/** All configurations, by name. */
export async function readConfigs(db: Db): Promise<ExportConfig[]> {
  const rows = await tables(db).selectFrom("export_config").selectAll().orderBy(sql`name collate "C"`).execute();
  return rows.map(toConfig);
}

/** Nobody else changes or advances the configuration until the transaction ends. */
export async function lockConfig(tx: Db, name: string): Promise<ExportConfig | undefined> {
  const row = await tables(tx)
    .selectFrom("export_config")
    .selectAll()
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
  return row && toConfig(row);
}

/** All configurations; none of them is changed or advanced by anybody else until the transaction ends. */
export async function lockConfigs(tx: Db): Promise<ExportConfig[]> {
  const rows = await tables(tx).selectFrom("export_config").selectAll().orderBy("id").forUpdate().execute();
  return rows.map(toConfig);
}

/** Sets a configuration, which is locked, to where it has come by the right time; work in progress is called off. */
export async function writeProgress(
  tx: Db,
  config: ExportConfig,
  { exportedUntil, openWindow, endedAt }: Pick<ExportConfig, "exportedUntil" | "openWindow" | "endedAt">,
): Promise<void> {
  await tables(tx)
    .updateTable("export_config")
    .set({
      exported_until: exportedUntil,
      ...openColumns(openWindow),
      ending_until: null,
      ended_at: endedAt,
      settings_revision: config.settingsRevision + 1,
    })
    .where("id", "=", config.id)
    .execute();
}

/** Changes what may be changed; `openWindow` says where the open window goes on. Work in progress is called off. */
export async function updateConfig(tx: Db, config: ExportConfig): Promise<void> {
  await tables(tx)
    .updateTable("export_config")
    .set({
      include_regions: [...config.filter.includeRegions],
      exclude_regions: [...config.filter.excludeRegions],
      travelers: config.filter.travelers,
      period_seconds: config.periodSeconds,
      thru_at: config.thru,
      ending_until: config.endingUntil,
      max_records: config.maxRecords,
      min_records: config.minRecords,
      padding_range: config.paddingRange,
      ...openColumns(config.openWindow),
      settings_revision: config.settingsRevision + 1,
    })
    .where("id", "=", config.id)
    .execute();
}

/** False when somebody changed its settings since `config` was read, perhaps its end; then nothing was changed. */
export async function markEnded(db: Db, config: ExportConfig, now: UnixSeconds): Promise<boolean> {
  const result = await tables(db)
    .updateTable("export_config")
    .set({ ended_at: now })
    .where("id", "=", config.id)
    .where("settings_revision", "=", config.settingsRevision)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** As `markEnded`, for how long the keys run that are here when its end has come. */
export async function writeEndingUntil(db: Db, config: ExportConfig, endingUntil: UnixSeconds): Promise<boolean> {
  const result = await tables(db)
    .updateTable("export_config")
    .set({ ending_until: endingUntil })
    .where("id", "=", config.id)
    .where("settings_revision", "=", config.settingsRevision)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Ends a configuration that is locked; what is left is not exported, and work in progress is called off. */
export async function writeGivenUp(tx: Db, config: ExportConfig, reason: string, now: UnixSeconds): Promise<void> {
  await tables(tx)
    .updateTable("export_config")
    .set({ ended_at: now, given_up: reason, settings_revision: config.settingsRevision + 1 })
    .where("id", "=", config.id)
    .execute();
}

/**
 * Moves a configuration on from where `config` was read: into the window `[start, next.end)`, or with `next` null behind
 * it. False when another worker has moved it meanwhile, or somebody changed its settings; then nothing was changed.
 */
export async function advanceConfig(
  tx: Db,
  config: ExportConfig,
  window: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  next: OpenWindow | null,
): Promise<boolean> {
  const before = config.openWindow;
  const result = await tables(tx)
    .updateTable("export_config")
    .set({
      exported_until: next ? window.start : window.end,
      ...openColumns(next),
    })
    .where("id", "=", config.id)
    .where("settings_revision", "=", config.settingsRevision)
    .where(sql<boolean>`exported_until is not distinct from ${config.exportedUntil}::bigint`)
    .where(sql<boolean>`open_list is not distinct from ${before?.list ?? null}::text`)
    .where(sql<boolean>`open_after_key is not distinct from ${before?.after?.keyHex ?? null}::text`)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

function openColumns(open: OpenWindow | null) {
  return {
    open_end: open?.end ?? null,
    open_list: open?.list ?? null,
    open_after_at: open?.after?.at ?? null,
    open_after_key: open?.after?.keyHex ?? null,
  };
}

/** Adds a part to the record of its window; `completedAt` when it was the last. */
export async function addToWindow(
  tx: Db,
  configId: number,
  window: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  part: WindowPart,
  completedAt: UnixSeconds | null,
): Promise<void> {
  await sql`
    insert into export_window as stored
      (config_id, start_at, end_at, archives, primaries, revised, left_out, generated, completed_at)
    values (${configId}, ${window.start}, ${window.end}, ${part.archives}, ${part.primaries}, ${part.revised},
      ${part.leftOut}, ${part.generated}, ${completedAt}::bigint)
    on conflict (config_id, start_at) do update set
      archives = stored.archives + excluded.archives,
      primaries = stored.primaries + excluded.primaries,
      revised = stored.revised + excluded.revised,
      left_out = stored.left_out + excluded.left_out,
      generated = stored.generated + excluded.generated,
      completed_at = excluded.completed_at`.execute(tx);
}

function toConfig(
  row: {
    [Column in keyof ExportTables["export_config"]]: ExportTables["export_config"][Column] extends Generated<infer T>
      ? T
      : ExportTables["export_config"][Column];
  },
): ExportConfig {
  return {
    id: row.id,
    name: row.name,
    location: row.location,
    region: row.region,
    filter: {
      includeRegions: row.include_regions,
      excludeRegions: row.exclude_regions,
      travelers: row.travelers,
    },
    periodSeconds: row.period_seconds,
    from: row.from_at,
    thru: row.thru_at,
    backfillSeconds: row.backfill_seconds,
    maxRecords: row.max_records,
    minRecords: row.min_records,
    paddingRange: row.padding_range,
    exportedUntil: row.exported_until,
    openWindow:
      row.open_end === null || row.open_list === null
        ? null
        : {
            end: row.open_end,
            list: row.open_list,
            after:
              row.open_after_at === null || row.open_after_key === null
                ? null
                : { at: row.open_after_at, keyHex: row.open_after_key },
          },
    endingUntil: row.ending_until,
    endedAt: row.ended_at,
    givenUp: row.given_up,
    settingsRevision: row.settings_revision,
  };
}
