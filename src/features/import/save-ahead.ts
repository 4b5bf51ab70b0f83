// Most keys of a large archive are saved before its completion, in short transactions.
//
// A transaction that saves keeps an export waiting that closes a window, an upload of one of its keys, and whoever changes
// its source. An attempt that does not come to its end leaves keys that are right: the next one finds them unchanged.

import type { KeyBatch } from "../../core/key-batch.ts";
import { sortKeys } from "../../core/sort-keys.ts";
import { runWithPauses } from "../../core/steps.ts";
import { letOthersWork } from "../../platform/time/let-others-work.ts";
import { countOutcomes, saveKeys } from "../exposures/save-keys.ts";
import type { PreparedArchive } from "./attempt-archive.ts";
import { heldArchives, saveRequest } from "./held-archives.ts";
import { addUp } from "./import-counts.ts";
import type { ImportCounts, ImportDeps, ImportSource } from "./import-types.ts";
import { readCompleteDigests } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";

export function isLarge({ settings }: ImportDeps, { judged: { primaries, revised } }: PreparedArchive): boolean {
  return primaries.length + revised.length > settings.portionKeys;
}

/** Answers the archive with the keys that are left to save; null where its lease was lost. */
export async function saveAhead(
  deps: ImportDeps,
  source: ImportSource,
  archive: PreparedArchive,
): Promise<PreparedArchive | null> {
  const { primaries, revised } = archive.judged;
  const { portionKeys } = deps.settings;
  const none = primaries.slice(0, 0);
  // Ascending over all of them, as one save would go through the index; and all primaries first.
  const portions = [
    ...portionsOf(await sorted(primaries), portionKeys).map((portion) => ({ primaries: portion, revised: none })),
    ...portionsOf(await sorted(revised), portionKeys).map((portion) => ({ primaries: none, revised: portion })),
  ];
  let ahead: ImportCounts["outcomes"] = {};
  for (const portion of portions.slice(0, -1)) {
    const saved = await savePortion(deps, source, archive, portion);
    if (saved === "lost") return null;
    // The very bytes are an archive that is complete: nothing of them is saved again.
    if (saved === "twin") return archive;
    ahead = addUp(ahead, saved);
  }
  const last = portions.at(-1) ?? { primaries: none, revised: none };
  return { ...archive, judged: { ...archive.judged, ...last }, ahead };
}

function sorted(batch: KeyBatch): Promise<KeyBatch> {
  return runWithPauses(sortKeys(batch), letOthersWork);
}

function savePortion(
  { database, clock, exposures }: ImportDeps,
  source: ImportSource,
  archive: PreparedArchive,
  portion: { readonly primaries: KeyBatch; readonly revised: KeyBatch },
): Promise<ImportCounts["outcomes"] | "lost" | "twin"> {
  return database.transaction(async (tx) => {
    const current = await lockSource(tx, source.id);
    if ((await heldArchives(tx, [archive])).length === 0) return "lost";
    const { digest } = archive.seen;
    const { windowStart } = archive.judged;
    if ((await readCompleteDigests(tx, source.id, [digest])).has(digest)) return "twin";
    const saved = await saveKeys(tx, saveRequest(current, [{ ...portion, windowStart }], clock.now()), exposures);
    return countOutcomes(saved.primaries, saved.revised);
  });
}

function portionsOf(batch: KeyBatch, size: number): KeyBatch[] {
  const portions: KeyBatch[] = [];
  for (let start = 0; start < batch.length; start += size) {
    portions.push(batch.slice(start, Math.min(start + size, batch.length)));
  }
  return portions;
}
