// What one provide call adds to the result of its check.

import type { CheckFailure, CheckResult } from "./check-result.ts";
import type { CallResult } from "./provide-files.ts";

/** A call that is not accepted fails the check; what earlier calls brought stays. */
export function addCall(sum: CheckResult, call: CallResult): CheckResult {
  if (call.outcome === "above_quota") return failed(sum, "quota_exhausted");
  const provideCalls = sum.provideCalls + 1;
  if (call.outcome === "refused") return { ...failed(sum, "call_refused"), provideCalls, refused: [call.refused] };
  return {
    ...sum,
    provideCalls,
    accepted: [...sum.accepted, ...call.accepted],
    dropped: [...sum.dropped, ...call.dropped],
    keysAdded: sum.keysAdded + call.held.added,
    keysOutsideWindow: sum.keysOutsideWindow + call.keysOutsideWindow,
    repeatedPrimaries: [...sum.repeatedPrimaries, ...call.held.repeatedPrimaries],
    skippedRevisions: [...sum.skippedRevisions, ...call.held.skippedRevisions],
  };
}

function failed(sum: CheckResult, reason: CheckFailure): CheckResult {
  return { ...sum, result: "failed", reason };
}
