// What a delivery may do to a stored key, and whether the key becomes its supplier's: pure (decision 0017).

import type { UnixSeconds } from "../../core/clock.ts";
import type { ExposureKey } from "../../core/exposure-key.ts";
import type { KeyRight } from "../../core/merge-key.ts";
import type { KeyOrigin } from "./exposure-types.ts";

/** Of a stored key what decides about rights. */
export interface OwnedKey {
  readonly rollingStart: number;
  readonly rollingPeriod: number;
  readonly originKind: string;
  readonly owners: readonly number[];
  readonly releasedAt: UnixSeconds;
}

export interface Delivery {
  readonly origin: KeyOrigin;
  /** What the revision token of an upload gives. */
  readonly tokenRight: KeyRight;
  /** When the supplier can have published the key at the earliest. */
  readonly publishedFrom: UnixSeconds;
  readonly closedUntil: UnixSeconds;
  readonly truncateWindowSeconds: number;
}

export interface Judgement {
  readonly right: KeyRight;
  /**
   * `joins`: the supplier owns the key from now on. `displaces`: it does so as if the upload had never come, which
   * nobody outside has seen: interval and values may differ. `no`: nothing changes.
   */
  readonly claim: "joins" | "displaces" | "no";
}

const none: Judgement = { right: "none", claim: "no" };

/**
 * Exported keys are public, so knowing one proves nothing (KS 13.8); what proves something is to have had it before it
 * was published. A supplier that can have published a key before it was published here owns it, whoever came here first.
 * One that can only have published it later may repeat what it found here: it has a claim, and owns nothing.
 */
export function judgeRight(stored: OwnedKey, incoming: ExposureKey, delivery: Delivery): Judgement {
  const { origin, tokenRight } = delivery;
  if (origin.kind === "upload") {
    const joins = tokenRight === "owner" && origin.supplierId !== undefined && !ownsAny(stored, [origin.supplierId]);
    return { right: tokenRight, claim: joins ? "joins" : "no" };
  }
  if (origin.kind === "test") return stored.originKind === "test" ? { right: "owner", claim: "no" } : none;
  if (ownsAny(stored, supplierIds(origin))) return { right: "owner", claim: "no" };
  // What this server made up is nobody's.
  if (stored.originKind === "generated" || stored.originKind === "test") return none;
  const isUploadersAlone = stored.originKind === "upload" && stored.owners.length === 0;
  if (isUploadersAlone && stored.releasedAt >= delivery.closedUntil) return { right: "owner", claim: "displaces" };
  const publishedHere = stored.releasedAt + delivery.truncateWindowSeconds;
  if (delivery.publishedFrom >= publishedHere || !hasInterval(stored, incoming))
    return { right: "claimant", claim: "no" };
  return { right: "owner", claim: "joins" };
}

/** All ids under which the supplier's keys may be stored. */
export function supplierIds(origin: KeyOrigin): readonly number[] {
  if (!("supplierId" in origin) || origin.supplierId === undefined) return [];
  return "formerIds" in origin ? [origin.supplierId, ...(origin.formerIds ?? [])] : [origin.supplierId];
}

export function hasInterval(stored: Pick<OwnedKey, "rollingStart" | "rollingPeriod">, incoming: ExposureKey): boolean {
  return stored.rollingStart === incoming.rollingStart && stored.rollingPeriod === incoming.rollingPeriod;
}

function ownsAny({ owners }: OwnedKey, ids: readonly number[]): boolean {
  return owners.some((owner) => ids.includes(owner));
}
