// What an upload may do with keys that are stored already: pure (KS 3.9, 5.5, 13.8).

import { type MergeRefusal, mergeKey, type StoredKey } from "../../../core/merge-key.ts";
import { isRevoked } from "../../../core/report-type.ts";
import type { TokenEntry } from "../../revision/token-form.ts";
import type { PreparedUpload, PublishErrorCode } from "../publish-types.ts";

/** A stored key with where it came from. */
export interface StoredUploadKey extends StoredKey {
  readonly originKind: string;
  readonly sourceId: number | null;
}

export type StoredVerdict =
  | { readonly kind: "refused"; readonly code: PublishErrorCode; readonly message: string }
  | {
      readonly kind: "accepted";
      /** Positions in the upload, each key once. */
      readonly inserts: readonly number[];
      readonly revisions: readonly number[];
      /** How many keys are to be withdrawn that are not there. */
      readonly withdrawnUnknown: number;
      /** What the new token lets its holder revise. */
      readonly entries: readonly TokenEntry[];
    };

/**
 * `stored` by key data in hex; `underSameCertificate`: keys that were uploaded under this upload's certificate before.
 *
 * Who repeats an upload succeeds without its token. A right to revise is given only to whoever showed it already, by
 * token or by the very certificate of the first upload: exported keys are public, so that knowing one proves nothing.
 */
export function judgeStored(
  upload: PreparedUpload,
  stored: ReadonlyMap<string, StoredUploadKey>,
  underSameCertificate: ReadonlySet<string>,
): StoredVerdict {
  const inserts: number[] = [];
  const revisions: number[] = [];
  let withdrawnUnknown = 0;
  const entries: TokenEntry[] = [...(upload.token?.entries ?? [])];
  const held = new Map(entries.map((entry) => [entry.keyData.toHex(), entry]));
  for (const [name, index] of lastPositions(upload)) {
    const key = upload.exposureKeys[index];
    if (key === undefined) continue;
    const ownEntry = { ...key, sourceId: null };
    const existing = stored.get(name);
    if (existing === undefined && isRevoked(key.reportType)) {
      // Nothing is withdrawn that nobody has, and nobody gets a right to what comes later (KS 3.8, P13).
      withdrawnUnknown++;
    } else if (existing === undefined) {
      inserts.push(index);
      entries.push(ownEntry);
    } else {
      const isOwners = mayRevise(upload, existing, held.get(name));
      const decision = mergeKey(existing, key, isOwners);
      if (decision.kind === "revise") {
        revisions.push(index);
        entries.push(ownEntry);
      } else if (decision.kind === "unchanged") {
        if (underSameCertificate.has(name)) entries.push(ownEntry);
      } else if (isOwners || existing.originKind === "upload") {
        return refusalOf(decision.reason, upload, held.has(name));
      }
      // What is left came first by import or federation: taken from its owner, without the right to change it (KS P6).
    }
  }
  return { kind: "accepted", inserts, revisions, withdrawnUnknown, entries };
}

/** Of equal keys within one upload the last counts, as in the reference. */
function lastPositions({ exposureKeys }: PreparedUpload): Map<string, number> {
  return new Map(exposureKeys.map((key, index) => [key.keyData.toHex(), index]));
}

/** By the token's entry for this very key; where the app needs no tokens, whatever was uploaded here. */
function mayRevise(upload: PreparedUpload, existing: StoredUploadKey, entry: TokenEntry | undefined): boolean {
  if (!upload.needsToken && existing.originKind === "upload") return true;
  return (
    entry !== undefined &&
    existing.originKind === (entry.sourceId === null ? "upload" : "import") &&
    existing.sourceId === entry.sourceId &&
    existing.rollingStart === entry.rollingStart &&
    existing.rollingPeriod === entry.rollingPeriod
  );
}

function refusalOf(reason: MergeRefusal, upload: PreparedUpload, isInToken: boolean): StoredVerdict {
  if (reason === "interval_mismatch") {
    return refused("bad_request", "a key is stored with another interval");
  }
  if (reason === "already_revised") return refused("key_already_revised", "a key was revised already");
  if (reason === "transition_not_allowed") {
    return refused("invalid_report_type_transition", "a key cannot be revised to this report type");
  }
  if (upload.tokenState === "absent") {
    return refused("missing_revision_token", "a key is stored already, and no revision token was sent");
  }
  const why = isInToken ? "does not fit a stored key" : "does not hold a stored key";
  return refused(
    "invalid_revision_token",
    `the revision token ${upload.tokenState === "opened" ? why : "cannot be read"}`,
  );
}

function refused(code: PublishErrorCode, message: string): StoredVerdict {
  return { kind: "refused", code, message };
}
