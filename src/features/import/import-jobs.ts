// The jobs of the import: each source is looked at and imported for itself, so that none waits for another.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Job, RunEnd, SubjectWork } from "../../platform/jobs/job.ts";
import { jobBySubject } from "../../platform/jobs/job-by-subject.ts";
import { isTaking, needsLook } from "../upstreams/life.ts";
import { discoverArchives } from "./discover-archives.ts";
import * as events from "./events.ts";
import { importArchives } from "./import-archives.ts";
import type { ImportDeps, ImportSource } from "./import-types.ts";
import { deleteSettledBefore } from "./queries.ts";
import { settleEnd } from "./settle-end.ts";
import { readSource, readSources } from "./sources/queries.ts";

export function importJobs(deps: ImportDeps): Job[] {
  const { discoverEverySeconds, importEverySeconds, forgetSeconds } = deps.settings;
  return [
    jobBySubject({
      name: "import-discover",
      duty: "import",
      everySeconds: discoverEverySeconds,
      needs: "closing",
      ...eachSource(deps, needsLook, async (source, now) => {
        await discoverArchives(deps, source, now);
        await settleEnd(deps, source, now);
        return "done";
      }),
    }),
    {
      name: "clean-up-imports",
      duty: "clean-up",
      everySeconds: 4 * HOUR,
      needs: "destroying",
      run: async (now) => {
        await deleteSettledBefore(deps.database.db, now - forgetSeconds);
      },
    },
    jobBySubject({
      name: "import-archives",
      duty: "import",
      everySeconds: importEverySeconds,
      needs: "closing",
      // Each may hold a large archive.
      atOnce: 3,
      // What was discovered before the end is imported all the same.
      ...eachSource(deps, isTaking, async (source, now) => {
        const { isCutShort } = await importArchives(deps, source, now);
        await settleEnd(deps, source, now);
        return isCutShort ? "more" : "done";
      }),
    }),
  ];
}

/** Sources by their names. What their servers do is recorded with them; a rejection is our own trouble. */
function eachSource(
  { database, report }: ImportDeps,
  isDue: (source: ImportSource, now: UnixSeconds) => boolean,
  work: (source: ImportSource, now: UnixSeconds) => Promise<RunEnd>,
): SubjectWork {
  return {
    async subjects(now, db: Db = database.db) {
      return (await readSources(db)).filter((source) => isDue(source, now)).map(({ name }) => name);
    },
    async runFor(name, now) {
      const source = await readSource(database.db, name);
      if (source === null || !isDue(source, now)) return "done";
      try {
        return await work(source, now);
      } catch (error) {
        events.reportSourceFailed(report, source, codeOf(error) ?? "unexpected", String(error));
        throw error;
      }
    },
  };
}
