// What happens to a stored key when it is delivered again: nothing, one revision, or a refusal (KS 5.5).

import type { ExposureKey, ReportType } from "./exposure-key.ts";
import { isRevoked, mayBecome } from "./report-type.ts";

/** The values that a revision replaces. */
export interface RevisableValues {
  readonly transmissionRisk: number | null;
  readonly reportType: ReportType | null;
  readonly daysSinceOnset: number | null;
}

/** A key with its original values and the revision that it may have had. */
export interface StoredKey extends RevisableValues {
  readonly rollingStart: number;
  readonly rollingPeriod: number;
  readonly revision: RevisableValues | null;
  /** Whether the values in force are the word of somebody who does not own the key. */
  readonly isClaimantsWord?: boolean;
}

/**
 * What a delivery may do to a stored key. `owner`: everything. `claimant`: it has the key too, by a token of an upload or
 * in a listing of its own, and may strengthen it but not withdraw it. `none`: it only knows the key, as everybody may.
 */
export type KeyRight = "owner" | "claimant" | "none";

/** Why a stored key was not revised; it stays as it is. */
export type MergeRefusal = "other_source" | "already_revised" | "transition_not_allowed" | "interval_mismatch";

export type MergeDecision =
  /** The report type is the original's or the one in force. */
  | { readonly kind: "unchanged" }
  | ({ readonly kind: "revise" } & RevisableValues)
  | { readonly kind: "refused"; readonly reason: MergeRefusal };

/**
 * Decides by the rules of KS 5.5 in their order. Only another report type makes a revision; other values with the same
 * type change nothing. An original that comes again after its revision changes nothing either.
 *
 * A key is revised once in its life, but what a claimant said binds no owner: that may strengthen it once more, and
 * withdraw it whatever it has become.
 */
export function mergeKey(stored: StoredKey, incoming: ExposureKey, right: KeyRight): MergeDecision {
  // Phones skip a key whose interval changed (DB 4.1), so that is never a revision.
  if (incoming.rollingStart !== stored.rollingStart || incoming.rollingPeriod !== stored.rollingPeriod) {
    return { kind: "refused", reason: "interval_mismatch" };
  }
  if (incoming.reportType === stored.reportType) return { kind: "unchanged" };
  if (stored.revision !== null && incoming.reportType === stored.revision.reportType) return { kind: "unchanged" };
  const withdraws = isRevoked(incoming.reportType);
  if (right === "none" || (withdraws && right !== "owner")) return { kind: "refused", reason: "other_source" };
  const isFree = right === "owner" && stored.isClaimantsWord === true;
  if (stored.revision !== null && !isFree) return { kind: "refused", reason: "already_revised" };
  const standing = isFree ? finalValues(stored).reportType : stored.reportType;
  if (!(isFree && withdraws) && !mayBecome(standing, incoming.reportType)) {
    return { kind: "refused", reason: "transition_not_allowed" };
  }
  return { kind: "revise", ...revisableValues(incoming) };
}

/** Whether a delivery of type `incoming` only repeats an earlier state of the key, which says nothing new. */
export function isEarlierState(stored: StoredKey, incoming: ReportType | null): boolean {
  return mayBecome(incoming, finalValues(stored).reportType);
}

/** The values in force: of the revision if there is one. */
export function finalValues(stored: StoredKey): RevisableValues {
  return revisableValues(stored.revision ?? stored);
}

function revisableValues({ reportType, transmissionRisk, daysSinceOnset }: RevisableValues): RevisableValues {
  return { reportType, transmissionRisk, daysSinceOnset };
}
