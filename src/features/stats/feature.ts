// Statistics of uploads: counted together with the keys, shown by the day, forgotten in time.

import { join } from "node:path";
import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import type { Database } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { Statement } from "../../platform/database/statement.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import { countUploads, reduceToDays } from "./count-uploads.ts";
import { addToHour, deleteHoursBefore, readHours } from "./queries.ts";
import type { DayCounts, StatsSettings, UploadFacts } from "./stats-types.ts";

export const statsMigrations: MigrationSet = { name: "stats", folder: join(import.meta.dirname, "migrations") };

export interface StatsFeature {
  /** The statements that count uploads, for the transaction that stores their keys (KS P4). */
  counting(uploads: readonly UploadFacts[]): Statement[];
  /** The days of a health authority that may be shown, ascending. */
  readDays(authorityId: number, now: UnixSeconds): Promise<DayCounts[]>;
  readonly jobs: readonly Job[];
}

export function createStatsFeature(deps: {
  readonly database: Database;
  readonly report: Report;
  readonly settings: StatsSettings;
}): StatsFeature {
  const { database, report, settings } = deps;
  /** Whole days only: half a day would look like a day with few uploads. */
  const keptFrom = (now: UnixSeconds) => truncateWindow(now - settings.keptSeconds, DAY);
  return {
    counting: (uploads) => countUploads(uploads).map(addToHour),
    async readDays(authorityId, now) {
      return reduceToDays(await readHours(database.db, authorityId, keptFrom(now)), settings, now);
    },
    jobs: [
      {
        name: "clean-up-statistics",
        duty: "clean-up",
        everySeconds: 4 * HOUR,
        needs: "destroying",
        run: async (now) => {
          const deleted = await deleteHoursBefore(database.db, keptFrom(now));
          report({ event: "stats.cleaned-up", deleted });
        },
      },
    ],
  };
}
