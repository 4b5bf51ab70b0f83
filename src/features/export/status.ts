// What the server's status says about exports, with two queries however many there are.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { ExportConfig, RunSettings } from "./export-types.ts";
import { lagSeconds } from "./measure-lag.ts";
import { readConfigs } from "./queries.ts";
import { type RunState, readRunStates } from "./status-queries.ts";

export interface ExportStatus extends RunState {
  readonly config: ExportConfig;
  readonly lagSeconds: number;
}

/** All exports, by name. */
export async function readExportStatuses(db: Db, settings: RunSettings, now: UnixSeconds): Promise<ExportStatus[]> {
  const configs = await readConfigs(db);
  const states = await readRunStates(db);
  return configs.map((config) => {
    const { failure = null, openBackfills = 0 } = states.get(config.id) ?? {};
    return { config, failure, openBackfills, lagSeconds: lagSeconds(config, settings, now) };
  });
}
