// Saving archives: all their keys, or what was not saved ahead of them, in one transaction with the completion of each.

import { countOutcomes, saveKeys } from "../exposures/save-keys.ts";
import type { SeenContent } from "../upstreams/upstream-types.ts";
import type { PreparedArchive } from "./attempt-archive.ts";
import { groupForSaving } from "./group-for-saving.ts";
import { heldArchives, saveRequest } from "./held-archives.ts";
import { accountForKeys, addUp } from "./import-counts.ts";
import type { ImportCounts, ImportDeps, ImportSource } from "./import-types.ts";
import type { JudgedArchive } from "./judge-archive.ts";
import { type Completion, readCompleteDigests, writeCompletions } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";

/** Answers the completion of each archive; null where its lease was lost, and nothing of it was saved here. */
export async function completeArchives(
  { database, clock, exposures }: ImportDeps,
  source: ImportSource,
  archives: readonly PreparedArchive[],
): Promise<(Completion | null)[]> {
  const now = clock.now();
  return database.transaction(async (tx) => {
    // Two archives of one source may hold an original and its revision.
    const current = await lockSource(tx, source.id);
    const isMoved = current.baseUrl !== source.baseUrl;
    const held = await heldArchives(tx, archives);
    const known = await readCompleteDigests(tx, source.id, digestsOf(archives));
    const isTwin = ({ seen: { digest } }: PreparedArchive, at: number) =>
      known.has(digest) || held.slice(0, at).some((earlier) => earlier.seen.digest === digest);
    const fresh = held.filter((archive, at) => !isTwin(archive, at));
    const outcomes = new Map<JudgedArchive, ImportCounts["outcomes"]>();
    for (const group of groupForSaving(fresh.map(({ judged }) => judged))) {
      const saved = await saveKeys(tx, saveRequest(current, group, now), exposures);
      for (const [judged, counts] of outcomesOf(group, saved)) outcomes.set(judged, counts);
    }
    const completions = held.map(({ leased, judged, seen, ahead, progress }) => {
      const duplicate = judged.primaries.length + judged.revised.length;
      const saved = addUp(ahead ?? {}, outcomes.get(judged) ?? { duplicate });
      const counts = accountForKeys(judged.keyCount, saved, judged.refusals);
      return { id: leased.id, progress, seen: isMoved ? withoutValidators(seen) : seen, counts };
    });
    await writeCompletions(tx, completions, now);
    const byId = new Map(completions.map((completion) => [completion.id, completion]));
    return archives.map(({ leased }) => byId.get(leased.id) ?? null);
  });
}

/** From here the source is asked at another place, where they mean nothing; the bytes are known by their digest. */
function withoutValidators(seen: SeenContent): SeenContent {
  return { ...seen, etag: null, lastModified: null };
}

function digestsOf(archives: readonly PreparedArchive[]): string[] {
  return archives.map(({ seen }) => seen.digest);
}

/** What became of the keys of each archive that was saved as a part of `group`. */
function* outcomesOf(
  group: readonly JudgedArchive[],
  saved: { readonly primaries: Uint8Array; readonly revised: Uint8Array },
): Generator<[JudgedArchive, ImportCounts["outcomes"]]> {
  let [atPrimary, atRevised] = [0, 0];
  for (const judged of group) {
    const { primaries, revised } = judged;
    const counts = countOutcomes(
      saved.primaries.subarray(atPrimary, (atPrimary += primaries.length)),
      saved.revised.subarray(atRevised, (atRevised += revised.length)),
    );
    yield [judged, counts];
  }
}
