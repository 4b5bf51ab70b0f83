// What every transaction that saves keys of archives begins with: whose lease still holds, and how they are saved.

import type { UnixSeconds } from "../../core/clock.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { Db } from "../../platform/database/database.ts";
import type { PreparedArchive } from "./attempt-archive.ts";
import type { ImportSource } from "./import-types.ts";
import type { JudgedArchive } from "./judge-archive.ts";
import { lockProgress } from "./queries.ts";
import { nextProgress } from "./state-machine.ts";

/** Those whose lease still holds, with their progress once they are saved. */
export async function heldArchives(tx: Db, archives: readonly PreparedArchive[]) {
  const ids = archives.map(({ leased }) => leased.id);
  const current = await lockProgress(tx, ids);
  return archives.flatMap((archive) => {
    const { id, progress: own } = archive.leased;
    const stored = current.get(id);
    const progress = stored ? nextProgress(stored, { kind: "saved", leaseToken: own.leaseToken }) : null;
    return progress === null ? [] : [{ ...archive, progress }];
  });
}

type Content = Pick<JudgedArchive, "primaries" | "revised" | "windowStart">;

/** Of archives that are saved as if they were one. */
export function saveRequest(source: ImportSource, group: readonly Content[], now: number) {
  const { id: supplierId, formerIds } = source.supplier;
  return {
    origin: { kind: "import", supplierId, formerIds },
    regions: [source.region],
    traveler: source.traveler,
    now,
    primaries: KeyBatch.concat(group.map(({ primaries }) => primaries)),
    revised: KeyBatch.concat(group.map(({ revised }) => revised)),
    publishedFrom: earliestStarts(group),
  } as const;
}

/** Where the first window begins that holds a key; asked only for keys of others, so nothing is looked up before. */
function earliestStarts(group: readonly Content[]): (keyHex: string) => UnixSeconds {
  const [first] = group;
  if (first !== undefined && group.length === 1) return () => first.windowStart;
  let starts: Map<string, UnixSeconds> | null = null;
  return (keyHex) => {
    starts ??= startsByKey(group);
    return starts.get(keyHex) ?? 0;
  };
}

function startsByKey(group: readonly Content[]): Map<string, UnixSeconds> {
  const starts = new Map<string, UnixSeconds>();
  for (const { primaries, revised, windowStart } of group) {
    for (const batch of [primaries, revised]) {
      for (let index = 0; index < batch.length; index++) {
        const name = batch.keyHex(index);
        starts.set(name, Math.min(windowStart, starts.get(name) ?? windowStart));
      }
    }
  }
  return starts;
}
