// What happens to a stored key when it is delivered again: nothing, one revision, or a refusal (KS 5.5).

import type { ExposureKey, ReportType } from "./exposure-key.ts";
import { mayBecome } from "./report-type.ts";

/** The values that a revision replaces. */
export interface RevisableValues {
  readonly transmissionRisk: number | null;
  readonly reportType: ReportType | null;
  readonly daysSinceOnset: number | null;
}

/** A key with its original values and the one revision that it may have had. */
export interface StoredKey extends RevisableValues {
  readonly rollingStart: number;
  readonly rollingPeriod: number;
  readonly revision: RevisableValues | null;
}

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
 * `incomingMayRevise`: the incoming key is from the source of the stored one, or its owner showed the revision token.
 */
export function mergeKey(stored: StoredKey, incoming: ExposureKey, incomingMayRevise: boolean): MergeDecision {
  // Phones skip a key whose interval changed (DB 4.1), so that is never a revision.
  if (incoming.rollingStart !== stored.rollingStart || incoming.rollingPeriod !== stored.rollingPeriod) {
    return { kind: "refused", reason: "interval_mismatch" };
  }
  if (incoming.reportType === stored.reportType) return { kind: "unchanged" };
  if (stored.revision !== null && incoming.reportType === stored.revision.reportType) return { kind: "unchanged" };
  if (!incomingMayRevise) return { kind: "refused", reason: "other_source" };
  if (stored.revision !== null) return { kind: "refused", reason: "already_revised" };
  if (!mayBecome(stored.reportType, incoming.reportType)) return { kind: "refused", reason: "transition_not_allowed" };
  return { kind: "revise", ...revisableValues(incoming) };
}

/** The values in force: of the revision if there is one. */
export function finalValues(stored: StoredKey): RevisableValues {
  return revisableValues(stored.revision ?? stored);
}

function revisableValues({ reportType, transmissionRisk, daysSinceOnset }: RevisableValues): RevisableValues {
  return { reportType, transmissionRisk, daysSinceOnset };
}
