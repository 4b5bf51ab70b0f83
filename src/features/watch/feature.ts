// The watch: the server follows its own trees as phones do, compares with what it accepted, and says what is wrong.

import { join } from "node:path";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { Job } from "../../platform/jobs/job.ts";
import { jobBySubject } from "../../platform/jobs/job-by-subject.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { watchAheadTables } from "./ahead-queries.ts";
import { missingSigningKeys } from "./judge-flow.ts";
import { LOOK_EVERY_SECONDS } from "./judge-tree.ts";
import { lookAtFlow } from "./look-at-flow.ts";
import { lookAtTree } from "./look-at-tree.ts";
import { readAlarms, readLooks } from "./queries.ts";
import type { Alarm, Look, WatchDeps } from "./watch-types.ts";

export const watchMigrations: MigrationSet = { name: "watch", folder: join(import.meta.dirname, "migrations") };

export interface WatchFeature {
  /** What is wrong, the gravest first, and the last look at each location. */
  status(database: Database): Promise<{ readonly alarms: readonly Alarm[]; readonly looks: readonly Look[] }>;
  /** Those of seals in force that this process would sign with and does not have. */
  missingSigningKeys(now: UnixSeconds): Promise<readonly string[]>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly jobs: readonly Job[];
}

export function createWatchFeature(deps: WatchDeps): WatchFeature {
  return {
    status: async ({ db }) => ({ alarms: await readAlarms(db), looks: await readLooks(db) }),
    async missingSigningKeys(now) {
      const signingKeys = await deps.listSigningKeys();
      const seals = signingKeys === null ? [] : (await deps.readSeals(deps.database.db)).flatMap((one) => one.seals);
      return missingSigningKeys(seals, signingKeys, now).map(({ signingKey }) => signingKey);
    },
    ahead: watchAheadTables,
    jobs: [
      {
        name: "watch-flow",
        duty: "publish",
        everySeconds: LOOK_EVERY_SECONDS,
        needs: "closing",
        run: (now) => lookAtFlow(deps, now),
      },
      jobBySubject({
        name: "watch-locations",
        duty: "publish",
        everySeconds: LOOK_EVERY_SECONDS,
        needs: "closing",
        subjects: async (_now, db = deps.database.db) => (await deps.readSeals(db)).map(({ name }) => name),
        runFor: (location, now) => lookAtTree(deps, location, now),
      }),
    ],
  };
}
