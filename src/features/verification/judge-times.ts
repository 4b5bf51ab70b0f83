// Whether a token's time is now, and whether it is short enough.

import type { UnixSeconds } from "../../core/clock.ts";
import type { TimeClaims } from "./read-claims.ts";
import type { VerificationErrorCode, VerificationSettings } from "./verification-types.ts";

type Limits = Pick<VerificationSettings, "certificateMaxLifetimeSeconds" | "clockLeewaySeconds">;

/**
 * Why the token cannot be used at `now`, or null. The reference server takes tokens without end, for ever (KS P22); here
 * `exp` is required, and must follow `iat`, or else `nbf`, or else now, within the longest lifetime.
 */
export function refusalOfTimes(
  { exp, iat, nbf }: TimeClaims,
  now: UnixSeconds,
  { certificateMaxLifetimeSeconds, clockLeewaySeconds }: Limits,
): VerificationErrorCode | null {
  if (exp === null) return "jwt_expiry_missing";
  if (exp < now - clockLeewaySeconds) return "jwt_expired";
  const latest = now + clockLeewaySeconds;
  if ((iat ?? latest) > latest || (nbf ?? latest) > latest) return "jwt_not_yet_valid";
  if (exp - (iat ?? nbf ?? latest) > certificateMaxLifetimeSeconds) return "jwt_lifetime_too_long";
  return null;
}
