// A revision that arrived before its original is applied in the transaction that stores the original.

import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { applyAwaited } from "../../core/merge-awaited.ts";
import { timed, withValues } from "./key-changes.ts";
import { takeAwaitedRevisions, takeSuppliersRevisions, writeRevisions } from "./queries.ts";
import { reviseKeys, senderOf } from "./revise-keys.ts";
import type { SaveContext } from "./save-context.ts";

/** `inserted` are keys that this transaction has just stored, ascending. */
export async function applyAwaitedRevisions(context: SaveContext, inserted: KeyBatch): Promise<void> {
  if (!context.hasAwaited || inserted.length === 0) return;
  await applyOwn(context, inserted);
  if (context.origin.kind === "upload") await applySuppliers(context, inserted);
}

/** Of the sender itself; what others than it have said stays untouched. */
async function applyOwn(context: SaveContext, inserted: KeyBatch): Promise<void> {
  const awaited = await takeAwaitedRevisions(context.tx, inserted.bytes, senderOf(context));
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

/** What suppliers have said of a key before anybody uploaded it here counts as if it came now. */
async function applySuppliers(context: SaveContext, inserted: KeyBatch): Promise<void> {
  for (const [supplierId, revised] of await takeSuppliersRevisions(context.tx, inserted.bytes)) {
    await reviseKeys({ ...context, origin: { kind: "import", supplierId } }, revised, "revised");
  }
}
