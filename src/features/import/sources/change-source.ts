// Changes the settings of a source, and lets go of what was learned under the old ones.

import { hideQuery, unhideQuery } from "../../../platform/http/hidden-query.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportSource } from "../import-types.ts";
import { reopenArchives } from "../reopen-archives.ts";
import { forgetArchiveValidators, forgetIndexValidators, lockSourceNamed, updateSource } from "./change-queries.ts";
import { checkSource } from "./check-source.ts";
import { sourceUnknown } from "./find-source.ts";
import { judgeChange } from "./judge-change.ts";

/** What is left out stays. Not the region: what was imported carries it, and later revisions would miss that. */
export type SourceChange = Partial<
  Pick<
    ImportSource,
    "indexUrl" | "baseUrl" | "headerRegions" | "otherEntries" | "traveler" | "allowPrivateAddresses" | "from" | "until"
  >
>;

/**
 * At a new place all is asked for anew, but what was discovered stays: complete archives are imported again only if their
 * bytes differ, and what waits or was quarantined is tried there at once. Settings that allow more reopen what was
 * refused for want of them. A run that began before may use the old place to its end, but nothing that this says about
 * changes, or refuses, is kept. Throws `source_unknown`, `source_invalid`.
 */
export async function changeSource(deps: ImportDeps, name: string, change: SourceChange): Promise<void> {
  const now = deps.clock.now();
  const { source, reopened } = await deps.database.transaction(async (tx) => {
    const before = await lockSourceNamed(tx, name);
    if (before === null) throw sourceUnknown(name);
    const after = { id: before.id, ...checkSource(changedSource(before, change)) };
    await updateSource(tx, after);
    const { isIndexMoved, areArchivesMoved, mended } = judgeChange(before, after);
    if (isIndexMoved) await forgetIndexValidators(tx, after.id);
    if (areArchivesMoved) await forgetArchiveValidators(tx, after.id);
    if (mended.length === 0) return { source: after, reopened: [] };
    const filter = { states: ["quarantined", "retry"], ...(mended === "all" ? {} : { reasons: mended }) } as const;
    return { source: after, reopened: await reopenArchives(tx, after, filter, now) };
  });
  events.reportSourceChanged(deps.report, source);
  for (const archive of reopened) events.reportReopened(deps.report, source, archive, "source_changed");
}

function changedSource(before: ImportSource, change: SourceChange): ImportSource {
  const { indexUrl = hideQuery(before.indexUrl), baseUrl = hideQuery(before.baseUrl), ...others } = change;
  return {
    ...before,
    ...others,
    indexUrl: unhideQuery(indexUrl, before.indexUrl),
    baseUrl: unhideQuery(baseUrl, before.baseUrl),
  };
}
