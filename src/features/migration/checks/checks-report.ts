// What the checks of a plan found, in a form that is signed and recorded.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { CheckResult } from "./check-types.ts";

export interface ChecksReport {
  readonly kind: "checks";
  readonly formatVersion: 1;
  readonly at: UnixSeconds;
  readonly planDigest: string;
  readonly checks: readonly CheckResult[];
}

/** The kind of the signed statement that carries one. */
export const CHECKS_STATEMENT = "checks";
