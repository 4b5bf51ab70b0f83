// Committing a stored archive: its row, what it published, and the supplier's own record, in one transaction.

import type { UnixSeconds } from "../../core/clock.ts";
import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { sortByKeyData } from "../../core/sort-keys.ts";
import type { Db } from "../../platform/database/database.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location } from "./location-types.ts";
import { advanceLocation, insertArchive } from "./queries.ts";
import type { StoredObject } from "./store-object.ts";

/** False when another writer committed since `location` was read; the object, which no index named, is gone then. */
export async function commitObject(
  deps: LocationDeps,
  location: Location,
  supplier: string,
  stored: StoredObject,
  content: { readonly region: string; readonly primaries: KeyBatch; readonly revised: KeyBatch },
  now: UnixSeconds,
  commit: (tx: Db) => Promise<void>,
): Promise<boolean> {
  const { primaries, revised, region } = content;
  const committed = await deps.database.transaction(async (tx) => {
    const change = { nextSeq: location.nextSeq + 1, lastEndAt: stored.end };
    if (!(await advanceLocation(tx, location.id, location.revision, change))) return false;
    await insertArchive(tx, location.id, {
      ...stored,
      seq: location.nextSeq,
      region,
      primaryCount: primaries.length,
      revisedCount: revised.length,
      supplier,
      appendedAt: now,
      expiresAt: now + location.retentionSeconds,
      records: sortedRecords(primaries, revised),
    });
    await commit(tx);
    return true;
  });
  if (!committed) {
    await deps.blobs.delete(location.basePrefix + stored.line);
    return false;
  }
  deps.report({
    event: "location.archive-appended",
    location: location.name,
    line: stored.line,
    supplier,
    primaries: primaries.length,
    revised: revised.length,
  });
  return true;
}

/** What an archive publishes, in the form in which the location remembers it. */
export function sortedRecords(primaries: KeyBatch, revised: KeyBatch): Uint8Array {
  const all = new KeyBatchBuilder();
  all.addAll(primaries);
  all.addAll(revised);
  return sortByKeyData(all.build()).bytes;
}
