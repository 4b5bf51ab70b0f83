// Who asks for statistics: a health authority, by a token that it signs like a certificate (KS 6.1).

import type { UnixSeconds } from "../../core/clock.ts";
import { reportRefused } from "./events.ts";
import { isVerificationRefusal, refusal } from "./verification-types.ts";
import { type VerifyDeps, verifyJwt } from "./verify-jwt.ts";

/**
 * Takes the token without the word "Bearer"; `audience` is that of this server's statistics. A certificate does not pass
 * for a token, even where an authority uses one audience for both: every patient has one. Throws
 * CodedError<VerificationErrorCode>, reported under its code, and `database_unreachable`.
 */
export async function authenticateStats(
  deps: VerifyDeps,
  token: string,
  audience: string,
  now: UnixSeconds,
): Promise<{ authorityId: number }> {
  try {
    const { authority, claims } = await verifyJwt(deps, token, () => audience, now);
    if ("tekmac" in claims || "reportType" in claims) {
      throw refusal("jwt_claim_invalid", `${authority.name}: a certificate is no token for statistics`);
    }
    if (authority.statsEnabled) return { authorityId: authority.id };
    throw refusal("stats_not_enabled", `${authority.name}: statistics are not enabled for it`);
  } catch (error) {
    if (isVerificationRefusal(error)) reportRefused(deps.report, "stats-token", error);
    throw error;
  }
}
