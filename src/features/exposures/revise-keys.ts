// Changing keys that are stored: the merge decision for each, written as one statement.

import type { ExposureKey } from "../../core/exposure-key.ts";
import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { mergeKey, type StoredKey } from "../../core/merge-key.ts";
import { awaitRevisions, readStoredKeys, type StoredExposure, writeRevisions } from "./queries.ts";
import { outcomeCode, type SaveContext } from "./save-context.ts";
import { withTimes } from "./timed-records.ts";

/** Merges each key of `chunk` (ascending by key data) with the stored one; keys that are not stored are kept for later. */
export async function reviseKeys(context: SaveContext, chunk: KeyBatch): Promise<Uint8Array> {
  const stored = await readStoredKeys(context.tx, chunk);
  const outcomes = new Uint8Array(chunk.length);
  const revisions = new KeyBatchBuilder();
  const awaited = new KeyBatchBuilder();
  for (let index = 0; index < chunk.length; index++) {
    const incoming = chunk.at(index);
    const existing = stored.get(chunk.keyHex(index));
    if (!existing && !mayAwait(context, chunk.keyHex(index))) {
      outcomes[index] = outcomeCode("other_source");
      continue;
    }
    if (!existing) {
      awaited.add(incoming);
      outcomes[index] = outcomeCode("awaiting");
      continue;
    }
    const decision = mergeKey(existing, incoming, mayRevise(context, existing, chunk.keyHex(index)));
    if (decision.kind === "revise") {
      existing.revision = decision;
      revisions.add(withValues(incoming, decision));
    }
    outcomes[index] = outcomeCode(
      decision.kind === "refused" ? decision.reason : decision.kind === "revise" ? "revised" : "unchanged",
    );
  }
  await writeRevisions(context.tx, timed(context, revisions.build()));
  await awaitRevisions(context.tx, awaited.build().bytes, context);
  return outcomes;
}

/** The key's bytes and interval with other values. */
export function withValues(key: ExposureKey, values: NonNullable<StoredKey["revision"]>): ExposureKey {
  return {
    ...key,
    reportType: values.reportType,
    transmissionRisk: values.transmissionRisk,
    daysSinceOnset: values.daysSinceOnset,
  };
}

export function timed(context: SaveContext, batch: KeyBatch): Uint8Array {
  return withTimes(batch, (index) => context.releasedAt(batch, index));
}

/** What an upload may not change when it is there, it may not prepare to change either. */
function mayAwait(context: SaveContext, keyHex: string): boolean {
  return context.origin.kind !== "upload" || context.mayRevise(keyHex);
}

/** A key belongs to whoever brought it first: exported keys are public, so possession proves nothing (KS 13.8). */
function mayRevise(context: SaveContext, existing: StoredExposure, keyHex: string): boolean {
  const { origin } = context;
  // Whoever uploads has judged tokens, which may be those of the server from which a key was imported.
  if (origin.kind === "upload") return context.mayRevise(keyHex);
  if (existing.originKind !== origin.kind) return false;
  return origin.kind === "test" || existing.sourceId === origin.sourceId;
}
