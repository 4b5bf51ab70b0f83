// Report types: their names outside, and which may follow which (KS 4.3, 5.5).

import { ReportType } from "./exposure-key.ts";

/** As certificates and the upload API call them. */
export type ReportTypeName = "confirmed" | "likely" | "user-report" | "negative";

const NAME_BY_TYPE: Readonly<Record<ReportType, ReportTypeName>> = {
  [ReportType.confirmed]: "confirmed",
  [ReportType.likely]: "likely",
  [ReportType.userReport]: "user-report",
  [ReportType.revoked]: "negative",
};

const ALLOWED_NEXT: Readonly<Record<ReportType, readonly ReportType[]>> = {
  [ReportType.likely]: [ReportType.confirmed, ReportType.revoked],
  [ReportType.userReport]: [ReportType.confirmed, ReportType.likely, ReportType.revoked],
  [ReportType.confirmed]: [],
  [ReportType.revoked]: [],
};

/** The type of that name, or undefined when there is none. */
export function reportTypeOf(name: string): ReportType | undefined {
  return Object.values(ReportType).find((type) => NAME_BY_TYPE[type] === name);
}

export function reportTypeName(type: ReportType): ReportTypeName {
  return NAME_BY_TYPE[type];
}

/**
 * Whether a key of type `from` may be revised to `to` (KS 5.5). An original without a type counts as likely. No key is
 * revised to no type: phones read a missing type as a confirmed test (DB 4.1).
 */
export function mayBecome(from: ReportType | null, to: ReportType | null): boolean {
  return to !== null && ALLOWED_NEXT[from ?? ReportType.likely].includes(to);
}

/** Whether the type withdraws the key. */
export function isRevoked(type: ReportType | null): boolean {
  return type === ReportType.revoked;
}
