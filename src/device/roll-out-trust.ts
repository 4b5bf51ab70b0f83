// How a phone comes to another trusted key: when its configuration arrives, and whether the old key stays (DB 6.1, 6.2).

import type { TrustedKey } from "../archive/archive-types.ts";
import type { UnixSeconds } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import type { CosignSet } from "./verifier.ts";

export interface TrustRollOut {
  readonly old: TrustedKey;
  readonly next: TrustedKey;
  /** Each phone gets the configuration at an instant of its own from `from` up to `until`, both included. */
  readonly from: UnixSeconds;
  readonly until: UnixSeconds;
  /** `replaced`: one key at a time, as on iOS; `kept`: the next key is one more alternative, as Android can hold it. */
  readonly oldKey: "replaced" | "kept";
}

/** The `trustedKeys` of one phone over time. Draws once. Throws RangeError when `until` lies before `from`. */
export function rollOutTrust(random: Random, { old, next, from, until, oldKey }: TrustRollOut): CosignSet[] {
  if (until < from) throw new RangeError("a roll-out ends before it begins");
  const arrivesAt = from + random.integer(until - from);
  return [[oldKey === "kept" ? old : { ...old, until: arrivesAt }], [{ ...next, from: arrivesAt }]];
}
