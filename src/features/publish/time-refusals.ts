// Refusals that depend on the time: while the clock is in doubt they are no answer for good.

import { DAY } from "../../core/clock.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import type { VerificationErrorCode } from "../verification/verification-types.ts";

/** `jwt_key_unknown`: keys that authorities publish are not asked for in doubt. */
const CERTIFICATE_REASONS = new Set<string>([
  "jwt_expired",
  "jwt_not_yet_valid",
  "jwt_lifetime_too_long",
  "jwt_key_not_valid",
  "jwt_key_unknown",
] satisfies VerificationErrorCode[]);

/** `onset_range`: where no onset is stated it is assumed from the time of the upload. */
const KEY_REASONS = new Set<KeyRefusal>(["too_old", "in_future", "onset_range"]);

export function isInDoubt(clock: Pick<JudgedClock, "trust">): boolean {
  return clock.trust().doubt !== null;
}

/**
 * Whether an onset that nobody has stated would be assumed at a wrong day, and every key at a wrong distance from it, for
 * good. By less than a day it is a day more or less, as at midnight.
 */
export function isDayInDoubt(clock: Pick<JudgedClock, "trust">): boolean {
  const { allows, bySeconds } = clock.trust();
  return !allows.closing && Math.abs(bySeconds) >= DAY;
}

/** Whether a certificate, or a token for statistics, was refused for a reason of time. */
export function isCertificateTime(reason: string): boolean {
  return CERTIFICATE_REASONS.has(reason);
}

/** Whether any of the keys was refused for a reason of time. */
export function hasKeyTime(refused: readonly { readonly reason: KeyRefusal }[]): boolean {
  return refused.some(({ reason }) => KEY_REASONS.has(reason));
}
