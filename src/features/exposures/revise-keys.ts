// Changing keys that are stored: rights and the merge decision for each, written as few statements.

import type { ExposureKey } from "../../core/exposure-key.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import { isEarlierState, type MergeRefusal, mergeKey } from "../../core/merge-key.ts";
import type { SaveOutcome } from "./exposure-types.ts";
import { hasInterval, type Judgement, judgeRight, supplierIds } from "./judge-right.ts";
import { KeyChanges } from "./key-changes.ts";
import { readStoredKeys, type StoredExposure, takeAwaitedRevisions } from "./queries.ts";
import { outcomeCode, type SaveContext } from "./save-context.ts";

/** Of an archive: what it brings, or what it changes. */
export type DeliveredList = "primary" | "revised";

/**
 * Merges each key of `chunk` (ascending by key data) with the stored one. Revisions of keys that are not stored, and those
 * to which a supplier has no right so far, are kept for later.
 */
export async function reviseKeys(context: SaveContext, chunk: KeyBatch, list: DeliveredList): Promise<Uint8Array> {
  const stored = await readStoredKeys(context.tx, chunk);
  const changes = new KeyChanges();
  const outcomes = new Uint8Array(chunk.length);
  for (let index = 0; index < chunk.length; index++) {
    const name = chunk.keyHex(index);
    const outcome = deliver(context, changes, chunk.at(index), { name, list, existing: stored.get(name) });
    outcomes[index] = outcomeCode(outcome);
  }
  await changes.write(context);
  const owned = changes.owned.build();
  if (context.hasAwaited && list === "primary" && owned.length > 0) {
    const awaited = await takeAwaitedRevisions(context.tx, owned.bytes, senderOf(context));
    if (awaited.length > 0) await reviseKeys(context, awaited, "revised");
  }
  return outcomes;
}

/** Whose kept revisions belong to what is saved here. */
export function senderOf({ origin }: SaveContext) {
  return { kind: origin.kind, supplierIds: supplierIds(origin) };
}

interface Place {
  readonly name: string;
  readonly list: DeliveredList;
  readonly existing: StoredExposure | undefined;
}

/** Decides about one key; what is stored of it becomes what it will be, for what else the chunk says of it. */
function deliver(context: SaveContext, changes: KeyChanges, incoming: ExposureKey, place: Place): SaveOutcome {
  const { name, list, existing } = place;
  const isUpload = context.origin.kind === "upload";
  if (existing === undefined) {
    // What an upload may not change when it is there, it may not prepare to change either.
    if (isUpload && context.rightTo(name) === "none") return "other_source";
    changes.awaited.add(incoming);
    return "awaiting";
  }
  const { right, claim } = judge(context, existing, incoming, name);
  if (claim === "displaces" && list === "primary") {
    changes.displace(existing, incoming, context.origin);
    return "claimed";
  }
  if (claim !== "no" && !hasInterval(existing, incoming)) {
    // The original will come, and displace what is here.
    changes.awaited.add(incoming);
    return "awaiting";
  }
  if (claim !== "no") changes.claim(existing, incoming, context.origin);
  const decision = mergeKey(existing, incoming, right);
  if (decision.kind === "revise") {
    changes.revise(existing, incoming, decision, right);
    return "revised";
  }
  if (decision.kind === "unchanged" || (!isUpload && repeatsEarlier(existing, incoming, decision.reason))) {
    return claim === "no" ? "unchanged" : "claimed";
  }
  // Its right may come with the original, in an archive that is late.
  const mayGetRight = !isUpload && list === "revised" && right === "claimant" && decision.reason === "other_source";
  if (mayGetRight) changes.awaited.add(incoming);
  return decision.reason;
}

function judge(context: SaveContext, existing: StoredExposure, incoming: ExposureKey, name: string): Judgement {
  const { origin, closedUntil, settings } = context;
  return judgeRight(existing, incoming, {
    origin,
    tokenRight: context.rightTo(name),
    publishedFrom: context.publishedFrom(name),
    closedUntil,
    truncateWindowSeconds: settings.truncateWindowSeconds,
  });
}

function repeatsEarlier(existing: StoredExposure, incoming: ExposureKey, reason: MergeRefusal): boolean {
  return reason !== "interval_mismatch" && isEarlierState(existing, incoming.reportType);
}
