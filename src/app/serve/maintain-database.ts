// What a PostgreSQL server does for itself in the background, and the embedded database does not.

import { HOUR } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Job } from "../../platform/jobs/job.ts";

/** Without it the tables would grow for ever by the rows that come and go, above all those of the job queue. */
export function maintenanceJobs(database: Pick<Database, "kind" | "execute">): Job[] {
  if (database.kind !== "embedded") return [];
  return [
    {
      name: "maintain-database",
      duty: "clean-up",
      everySeconds: HOUR,
      needs: "none",
      async run() {
        await database.execute("vacuum (analyze)", [], { withinMilliseconds: 2 * HOUR * 1_000 });
      },
    },
  ];
}
