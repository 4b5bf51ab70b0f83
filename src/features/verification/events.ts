// What verification says about what happened.

import type { CodedError } from "../../core/coded-error.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { IgnoredKey } from "./jwks/read-jwks.ts";
import type { Authority, VerificationErrorCode } from "./verification-types.ts";

/** To the phone all reasons are one; here they are told apart. */
export function reportRefused(
  report: Report,
  kind: "certificate" | "stats-token",
  { code, message }: CodedError<VerificationErrorCode>,
): void {
  report({ event: "verification.refused", kind, code, reason: message });
}

export interface RefreshCounts {
  readonly added: number;
  readonly reopened: number;
  readonly withdrawn: number;
}

export function reportRefreshed(report: Report, { name }: Authority, counts: RefreshCounts): void {
  report({ event: "verification.jwks-refreshed", authority: name, ...counts });
}

/** Keys of a JWKS that are not trusted; of the first few it says which. */
export function reportIgnoredKeys(report: Report, { name }: Authority, ignored: readonly IgnoredKey[]): void {
  const isExposed = ignored.some(({ reason }) => reason === "jwk_private_key_exposed");
  report({
    event: "verification.jwks-keys-ignored",
    level: isExposed ? "error" : "warn",
    authority: name,
    count: ignored.length,
    ignored: ignored
      .slice(0, SHOWN_KEYS)
      .map(({ version, reason }) => `${JSON.stringify(version)} ${reason}`)
      .join(", "),
  });
}

const SHOWN_KEYS = 5;

/** Nothing was changed: what was trusted before is trusted still. */
export function reportRefreshFailed(report: Report, { name }: Authority, code: string, reason: string): void {
  report({ event: "verification.jwks-refused", level: "error", authority: name, code, reason });
}

/** Another run has looked meanwhile, or an operator has changed the URL. */
export function reportOvertaken(report: Report, { name }: Authority): void {
  report({ event: "verification.jwks-overtaken", authority: name });
}
