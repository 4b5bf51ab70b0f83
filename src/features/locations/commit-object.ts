// Committing a stored archive: its row, what it published, and the supplier's own record, in one transaction.

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { sortKeys } from "../../core/sort-keys.ts";
import { runWithPauses } from "../../core/steps.ts";
import type { Db } from "../../platform/database/database.ts";
import { letOthersWork } from "../../platform/time/let-others-work.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, Supply } from "./location-types.ts";
import { advanceLocation, insertArchive } from "./queries.ts";
import type { StoredObject } from "./store-object.ts";

/**
 * False when another writer committed since `location` was read. Then, and when `commit` rejects, the object is deleted
 * again: no index ever named it, and none will.
 */
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
  const records = await sortedRecords(content);
  // An error of the database's own commit leaves it open what happened; every earlier one does not.
  let mayBeCommitted = false;
  const record = async (tx: Db): Promise<boolean> => {
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
      records: records.bytes,
    });
    await commit(tx);
    return true;
  };
  try {
    const committed = await deps.database.transaction(async (tx) => {
      mayBeCommitted = await record(tx);
      return mayBeCommitted;
    });
    if (!committed) return false;
  } finally {
    if (!mayBeCommitted) await discardObject(deps, location, stored.line);
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

/** One that cannot be deleted stays as an object that nobody lists. */
async function discardObject(deps: LocationDeps, location: Location, line: string): Promise<void> {
  try {
    await deps.blobs.delete(location.basePrefix + line);
  } catch (error) {
    const code = codeOf(error) ?? "unexpected";
    deps.report({ event: "location.deletion-failed", level: "warn", location: location.name, line, code });
  }
}

/** What an archive publishes, in the form in which the location remembers it. */
export function sortedRecords({ primaries, revised }: Pick<Supply, "primaries" | "revised">): Promise<KeyBatch> {
  return runWithPauses(sortKeys(KeyBatch.concat([primaries, revised])), letOthersWork);
}
