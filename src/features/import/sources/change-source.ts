// Changes the settings of a source, and lets go of what was learned under the old ones.

import { changedAddress } from "../../upstreams/check-address.ts";
import { forgetValidators, updateUpstream } from "../../upstreams/queries.ts";
import * as events from "../events.ts";
import type { ImportDeps, ImportSource } from "../import-types.ts";
import { reopenArchives } from "../reopen-archives.ts";
import { forgetArchiveValidators, lockSourceNamed } from "./change-queries.ts";
import { checkSource } from "./check-source.ts";
import { sourceUnknown } from "./find-source.ts";
import { judgeChange } from "./judge-change.ts";
import { updateSource } from "./queries.ts";

/** What is left out stays. Not the region: what was imported carries it, and later revisions would miss that. */
export type SourceChange = Partial<
  Pick<
    ImportSource,
    | "indexUrl"
    | "baseUrl"
    | "headerRegions"
    | "otherEntries"
    | "batchParts"
    | "onsetCodes"
    | "traveler"
    | "allowPrivateAddresses"
    | "from"
    | "until"
  >
>;

/**
 * At a new place all is asked for anew, but what was discovered stays: complete archives are imported again only if their
 * bytes differ, and what waits or was quarantined is tried there at once. Settings that allow more reopen what was
 * refused for want of them. A run that began before may use the old place to its end, but nothing that this says about
 * changes, or refuses, is kept. Throws `source_unknown`, `source_invalid`.
 */
export async function changeSource(
  deps: Pick<ImportDeps, "database" | "clock" | "report">,
  name: string,
  change: SourceChange,
): Promise<void> {
  const now = deps.clock.now();
  const { source, reopened } = await deps.database.transaction(async (tx) => {
    const before = await lockSourceNamed(tx, name);
    if (before === null) throw sourceUnknown(name);
    const after = checkSource({ ...before, ...change, ...changedAddress(before, change) });
    await updateSource(tx, after);
    await updateUpstream(tx, after);
    const { isIndexMoved, areArchivesMoved, mended } = judgeChange(before, after);
    if (isIndexMoved) await forgetValidators(tx, after.upstreamId);
    if (areArchivesMoved) await forgetArchiveValidators(tx, after.id);
    if (mended.length === 0) return { source: after, reopened: [] };
    const filter = { states: ["quarantined", "retry"], ...(mended === "all" ? {} : { reasons: mended }) } as const;
    return { source: after, reopened: await reopenArchives(tx, after, filter, now) };
  });
  events.reportSourceChanged(deps.report, source);
  for (const archive of reopened) events.reportReopened(deps.report, source, archive, "source_changed");
}
