// Everything that is due in exports: each group for itself, so that none waits for another.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { SubjectWork } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import { readOpenBackfills } from "./backfill-queries.ts";
import type { RunSettings } from "./export-types.ts";
import { type ExportGroup, groupExports } from "./group-exports.ts";
import type { ExportDeps } from "./hand-over-part.ts";
import { readConfigs } from "./queries.ts";
import { runBackfills } from "./run-backfills.ts";
import { runExports } from "./run-exports.ts";

/** Groups of exports by their names. */
export function eachExportGroup(deps: ExportDeps & { readonly report: Report }, settings: RunSettings): SubjectWork {
  return {
    async subjects(_now, db = deps.database.db) {
      return (await readGroups(db)).map(({ name }) => name);
    },
    async runFor(subject, now) {
      const group = (await readGroups(deps.database.db)).find(({ name }) => name === subject);
      if (group !== undefined) await runGroup(deps, settings, group, now);
      return "done";
    },
  };
}

async function runGroup(
  deps: ExportDeps & { readonly report: Report },
  settings: RunSettings,
  { configs }: ExportGroup,
  now: UnixSeconds,
): Promise<void> {
  const running = configs.filter(({ endedAt }) => endedAt === null);
  await runExports(deps, settings, running, now);
  await runBackfills(deps, new Set(configs.map(({ id }) => id)), now);
}

/** Of those that run, and those that have ended and are to be exported once more. */
async function readGroups(db: Db): Promise<ExportGroup[]> {
  const asked = new Set((await readOpenBackfills(db)).map(({ configId }) => configId));
  return groupExports((await readConfigs(db)).filter(({ id, endedAt }) => endedAt === null || asked.has(id)));
}
