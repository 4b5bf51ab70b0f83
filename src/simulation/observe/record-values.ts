// The parts of a key's record in hex, as KeyBatch lays it out.

import type { KeyState } from "./observed.ts";

const RISK_AT = 42;
const REPORT_TYPE_AT = 44;

/** Key, rolling start and period: what no revision may change (DB 4.3). */
export function identityOf(recordHex: string): string {
  return recordHex.slice(0, RISK_AT);
}

export function reportTypeOf(recordHex: string): string {
  return recordHex.slice(REPORT_TYPE_AT, REPORT_TYPE_AT + 2);
}

/** Of a revoked key nothing but that it is revoked reaches anybody. */
export function saysTheSame(state: KeyState, recordHex: string): boolean {
  if (state.recordHex === recordHex) return true;
  if (!state.revoked) return false;
  return (
    identityOf(state.recordHex) === identityOf(recordHex) && reportTypeOf(state.recordHex) === reportTypeOf(recordHex)
  );
}

/** The same but for report type and days since onset, which some phones do not read. */
export function isSameUnread(state: KeyState, recordHex: string): boolean {
  return state.recordHex.slice(0, REPORT_TYPE_AT) === recordHex.slice(0, REPORT_TYPE_AT);
}
