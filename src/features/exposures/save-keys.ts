// The one way by which exposure keys of any origin enter the database, and by which they change.

import type { KeyBatch } from "../../core/key-batch.ts";
import { compareKeyData, pick, sortedPositions } from "../../core/sort-keys.ts";
import type { Db } from "../../platform/database/database.ts";
import { applyAwaitedRevisions } from "./apply-awaited-revisions.ts";
import { SAVE_OUTCOMES, type SaveOutcome, type SaveRequest, type SaveResult } from "./exposure-types.ts";
import { hexKeys } from "./hex-keys.ts";
import { beginSave, insertKeys, savingRepeatedly } from "./queries.ts";
import { reviseKeys } from "./revise-keys.ts";
import { contextOf, outcomeCode, type SaveContext, type SaveSettings } from "./save-context.ts";
import { withTimes } from "./timed-records.ts";

const CHUNK = 10_000;

/**
 * Saves keys and revisions inside the caller's transaction. Repeating a save changes nothing; one key's refusal never
 * harms another. Until that transaction ends, exports wait before they close a window, so that no key can land in a
 * window that was already exported, whatever the clocks of the processes say. Where an original and its revision may be
 * saved at the same moment, the caller lets the saves of their source follow one another.
 */
export async function saveKeys(tx: Db, request: SaveRequest, settings: SaveSettings): Promise<SaveResult> {
  const context = contextOf(tx, await beginSave(tx), request, settings);
  return savingRepeatedly(tx, async () => {
    const primaries = await inSortedChunks(request.primaries, (chunk) => savePrimaries(context, chunk));
    const revised = await inSortedChunks(request.revised, (chunk) => reviseKeys(context, chunk, "revised"));
    return { primaries, revised, counts: countOutcomes(primaries, revised) };
  });
}

/** Inserts what is new; what is stored already meets the merge decision, as does a key that the chunk repeats. */
async function savePrimaries(context: SaveContext, chunk: KeyBatch): Promise<Uint8Array> {
  const isFirst = (index: number) => index === 0 || compareKeyData(chunk, index, chunk, index - 1) !== 0;
  const firsts = pickWhere(chunk, isFirst);
  const stored = await insertKeys(
    context.tx,
    withTimes(firsts, (index) => context.releasedAt(firsts, index)),
    context,
  );
  const names = hexKeys(stored);
  const isNew = (index: number) => isFirst(index) && !names.has(chunk.keyHex(index));
  // The usual case by far; telling the keys apart would cost more than the rest of this function.
  const areAllNew = stored.length === 0 && firsts === chunk;
  await applyAwaitedRevisions(context, areAllNew ? chunk : pickWhere(chunk, isNew));
  const outcomes = new Uint8Array(chunk.length).fill(outcomeCode("inserted"));
  if (areAllNew) return outcomes;
  const others = positionsWhere(chunk.length, (index) => !isNew(index));
  const merged = await reviseKeys(context, pick(chunk, others), "primary");
  for (const [at, position] of others.entries()) outcomes[position] = merged[at] ?? 0;
  return outcomes;
}

/** Runs `work` on the keys in ascending order, so that two saves cannot lock rows crosswise; answers in given order. */
async function inSortedChunks(batch: KeyBatch, work: (chunk: KeyBatch) => Promise<Uint8Array>): Promise<Uint8Array> {
  const outcomes = new Uint8Array(batch.length);
  const positions = sortedPositions(batch);
  for (let start = 0; start < positions.length; start += CHUNK) {
    const chunkPositions = positions.subarray(start, start + CHUNK);
    const codes = await work(pick(batch, chunkPositions));
    for (const [at, position] of chunkPositions.entries()) outcomes[position] = codes[at] ?? 0;
  }
  return outcomes;
}

/** The batch itself where all its keys are wanted. */
function pickWhere(batch: KeyBatch, holds: (index: number) => boolean): KeyBatch {
  const positions = positionsWhere(batch.length, holds);
  return positions.length === batch.length ? batch : pick(batch, positions);
}

function positionsWhere(length: number, holds: (index: number) => boolean): number[] {
  const positions: number[] = [];
  for (let index = 0; index < length; index++) if (holds(index)) positions.push(index);
  return positions;
}

/** How many keys met each outcome, of the lists that `saveKeys` answers or parts of them; zeros included. */
export function countOutcomes(...lists: Uint8Array[]): Record<SaveOutcome, number> {
  const byCode = SAVE_OUTCOMES.map(() => 0);
  for (const list of lists) for (const code of list) byCode[code] = (byCode[code] ?? 0) + 1;
  const count = (outcome: SaveOutcome) => byCode[outcomeCode(outcome)] ?? 0;
  return {
    inserted: count("inserted"),
    revised: count("revised"),
    unchanged: count("unchanged"),
    awaiting: count("awaiting"),
    other_source: count("other_source"),
    already_revised: count("already_revised"),
    transition_not_allowed: count("transition_not_allowed"),
    interval_mismatch: count("interval_mismatch"),
    claimed: count("claimed"),
  };
}
