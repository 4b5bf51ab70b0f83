// A revision that arrived before its original is applied in the transaction that stores the original.

import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { applyAwaited } from "../../core/merge-awaited.ts";
import { takeAwaitedRevisions, writeRevisions } from "./queries.ts";
import { timed, withValues } from "./revise-keys.ts";
import type { SaveContext } from "./save-context.ts";

/** `inserted` are keys that this transaction has just stored; revisions by others than their source stay untouched. */
export async function applyAwaitedRevisions(context: SaveContext, inserted: KeyBatch): Promise<void> {
  if (!context.hasAwaited || inserted.length === 0) return;
  const awaited = await takeAwaitedRevisions(context.tx, inserted.bytes, context.origin);
  if (awaited.length === 0) return;
  const byKey = new Map(Array.from(awaited, (revision, index) => [awaited.keyHex(index), revision]));
  const revisions = new KeyBatchBuilder();
  for (let index = 0; index < inserted.length; index++) {
    const revision = byKey.get(inserted.keyHex(index));
    if (!revision) continue;
    const original = inserted.at(index);
    const decision = applyAwaited(original, revision);
    if (decision.kind === "revise") revisions.add(withValues(original, decision));
  }
  await writeRevisions(context.tx, timed(context, revisions.build()));
}
