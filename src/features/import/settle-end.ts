// Whether a source has come to its end: everything that it had listed by then is imported, or was given up by an operator.

import type { UnixSeconds } from "../../core/clock.ts";
import { lifeOf } from "../../core/life.ts";
import { endUpstream } from "../upstreams/queries.ts";
import * as events from "./events.ts";
import type { ImportDeps, ImportSource } from "./import-types.ts";
import { countUnsettled } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";

/** Ends a source that is ending, once its last listing was good and nothing of it waits or is quarantined. */
export async function settleEnd(
  { database, report }: Pick<ImportDeps, "database" | "report">,
  source: ImportSource,
  now: UnixSeconds,
): Promise<void> {
  if (lifeOf(source, now) !== "ending") return;
  const isEnded = await database.transaction(async (tx) => {
    const current = await lockSource(tx, source.id);
    if (current.finalLookAt === null || (await countUnsettled(tx, source.id)) > 0) return false;
    return endUpstream(tx, current, now, null);
  });
  if (isEnded) events.reportSourceEnded(report, source, null);
}
