// What an upload may do with keys that are stored already: pure (KS 3.9, 5.5, 13.8).

import { type ExposureKey, ReportType } from "../../../core/exposure-key.ts";
import { finalValues, type KeyRight, type MergeRefusal, mergeKey, type StoredKey } from "../../../core/merge-key.ts";
import { isRevoked } from "../../../core/report-type.ts";
import type { TokenEntry } from "../../revision/token-form.ts";
import type { PreparedUpload, PublishErrorCode, WithoutEffect } from "../publish-types.ts";

/** A stored key with where it came from. */
export interface StoredUploadKey extends StoredKey {
  readonly originKind: string;
  /** The suppliers that own it; none: its uploader does. */
  readonly owners: readonly number[];
  /** Whether it may have been exported, so that everybody knows it. */
  readonly isPublished: boolean;
}

/** A key of the upload that is saved, by its position. */
export interface Accepted {
  readonly index: number;
  /** The supplier by whose word; null: by the upload's own. */
  readonly supplierId: number | null;
}

export interface AcceptedRevision extends Accepted {
  readonly right: KeyRight;
}

export type StoredVerdict =
  | { readonly kind: "refused"; readonly code: PublishErrorCode; readonly message: string }
  | {
      readonly kind: "accepted";
      /** Each key once. */
      readonly inserts: readonly Accepted[];
      readonly revisions: readonly AcceptedRevision[];
      readonly withoutEffect: WithoutEffect;
      /** What the new token lets its holder revise. */
      readonly entries: readonly TokenEntry[];
    };

/**
 * `stored` by key data in hex; `underSameCertificate`: keys that were uploaded under this upload's certificate before.
 *
 * A retry succeeds without its token. The right to revise comes from a token that names the key, or from the very
 * certificate of the first upload: exported keys are public, so that knowing one proves nothing. An upload that changes
 * a key without that right is refused whole, wherever the key came from. Once a supplier owns the key, a token of this
 * server gives only a claim: whoever uploaded it here may have found it in the supplier's archives (decision 0017).
 */
export function judgeStored(
  upload: PreparedUpload,
  stored: ReadonlyMap<string, StoredUploadKey>,
  underSameCertificate: ReadonlySet<string>,
): StoredVerdict {
  const inserts: Accepted[] = [];
  const revisions: AcceptedRevision[] = [];
  const positions = lastPositions(upload);
  const doubled = upload.exposureKeys.length - positions.size;
  const withoutEffect = { repeated: 0, kept: 0, withdrawnUnknown: 0, doubled };
  const entries = new Map(upload.token?.entries.map((entry) => [entry.keyData.toHex(), entry]));
  for (const [name, index] of positions) {
    const key = upload.exposureKeys[index];
    if (key === undefined) continue;
    const entry = entries.get(name);
    const existing = stored.get(name);
    if (existing === undefined) {
      if (isRevoked(key.reportType) && !isOfInterval(entry, key)) {
        // Nothing is withdrawn that is not here, and no right is given to what comes later (KS 3.8, P13).
        withoutEffect.withdrawnUnknown++;
        continue;
      }
      // A withdrawal by its owner may be faster than the import that brings the key, which then finds it withdrawn.
      const supplierId = isOfInterval(entry, key) ? (entry?.supplierId ?? null) : null;
      inserts.push({ index, supplierId });
      entries.set(name, { ...key, supplierId });
      continue;
    }
    const right = rightTo(upload, existing, entry);
    const supplierId = entry?.supplierId ?? null;
    // What the supplier comes to own by this was the word of somebody else so far.
    const joins = right === "owner" && supplierId !== null && existing.owners.length === 0;
    const decision = mergeKey(joins ? { ...existing, isClaimantsWord: true } : existing, key, right);
    if (decision.kind === "revise") {
      revisions.push({ index, supplierId, right });
      entries.set(name, { ...key, supplierId });
    } else if (decision.kind === "unchanged") {
      withoutEffect[isRepetition(existing, key) ? "repeated" : "kept"]++;
      if (underSameCertificate.has(name)) entries.set(name, { ...key, supplierId });
    } else if (right !== "none" || existing.originKind === "upload") {
      return refusalOf(decision.reason, upload, entry !== undefined);
    } else if (hasTypeOf(existing, key)) {
      // Its owner cannot help what the source said of it, and uploads the keys beside it all the same (KS P6).
      withoutEffect.kept++;
    } else {
      return refusalOf("other_source", upload, entry !== undefined);
    }
  }
  return { kind: "accepted", inserts, revisions, withoutEffect, entries: [...entries.values()] };
}

/** Of equal keys within one upload the last counts, as in the reference. */
function lastPositions({ exposureKeys }: PreparedUpload): Map<string, number> {
  return new Map(exposureKeys.map((key, index) => [key.keyData.toHex(), index]));
}

/**
 * By the token's entry for this very key. A supplier's token speaks for what the supplier owns, and for an upload that
 * nobody can have found in an archive: of one that was published the token's holder may be a stranger at the supplier.
 * Where the app needs no tokens, whatever was uploaded here.
 */
function rightTo(upload: PreparedUpload, existing: StoredUploadKey, entry: TokenEntry | undefined): KeyRight {
  const { originKind, owners, isPublished } = existing;
  const ofUploader: KeyRight = owners.length === 0 ? "owner" : "claimant";
  if (entry !== undefined && isOfInterval(entry, existing)) {
    if (entry.supplierId === null) return ofUploader;
    if (owners.includes(entry.supplierId)) return "owner";
    if (originKind === "upload" && owners.length === 0 && !isPublished) return "owner";
  }
  return !upload.needsToken && originKind === "upload" ? ofUploader : "none";
}

type Interval = Pick<ExposureKey, "rollingStart" | "rollingPeriod">;

function isOfInterval(entry: TokenEntry | undefined, { rollingStart, rollingPeriod }: Interval): boolean {
  return entry?.rollingStart === rollingStart && entry.rollingPeriod === rollingPeriod;
}

/** Whether the values in force are those of the upload, so that nothing is left to be desired. */
function isRepetition(existing: StoredUploadKey, key: ExposureKey): boolean {
  const { reportType, transmissionRisk, daysSinceOnset } = finalValues(existing);
  return (
    reportType === key.reportType && transmissionRisk === key.transmissionRisk && daysSinceOnset === key.daysSinceOnset
  );
}

/** Whether the key has or had the report type of the upload, as phones read it: none is a confirmed test (DB 4.1). */
function hasTypeOf({ reportType, revision }: StoredUploadKey, key: ExposureKey): boolean {
  const given = key.reportType ?? ReportType.confirmed;
  const types = revision === null ? [reportType] : [reportType, revision.reportType];
  return types.some((type) => (type ?? ReportType.confirmed) === given);
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
