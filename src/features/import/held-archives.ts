// What every transaction that saves keys of archives begins with: whose lease still holds, and how they are saved.

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

/** Of archives that are saved as if they were one. */
export function saveRequest(
  source: ImportSource,
  group: readonly Pick<JudgedArchive, "primaries" | "revised">[],
  now: number,
) {
  return {
    origin: { kind: "import", sourceId: source.id },
    regions: [source.region],
    traveler: source.traveler,
    now,
    primaries: KeyBatch.concat(group.map(({ primaries }) => primaries)),
    revised: KeyBatch.concat(group.map(({ revised }) => revised)),
  } as const;
}
