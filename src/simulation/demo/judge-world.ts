// The closing verdicts, over all phones of a world.

import { HOUR } from "../../core/clock.ts";
import type { PhoneVerdict } from "./judge-phone.ts";

export interface Verdict {
  readonly name: string;
  readonly value: number;
  /** null: nothing to be bad about; the figure is there to be seen. */
  readonly limit: number | null;
  readonly unit: "keys" | "archives" | "uploads" | "seconds";
  readonly good: boolean;
}

/** The slowest phone polls every eight hours; one missed check is forgiven. */
export const LONGEST_GAP_SECONDS = 17 * HOUR;

/** `importRefused` is judged only where nobody harmed archives on purpose. */
export function judgeWorld(
  phones: readonly PhoneVerdict[],
  uploadsFailed: number,
  importRefused: number,
  refusalsExpected: boolean,
): Verdict[] {
  const atMost = (name: string, unit: Verdict["unit"], value: number, limit: number | null): Verdict => ({
    name,
    value,
    limit,
    unit,
    good: limit === null || value <= limit,
  });
  const none = (name: string, unit: Verdict["unit"], pick: (phone: PhoneVerdict) => readonly string[]) =>
    atMost(
      name,
      unit,
      phones.reduce((sum, phone) => sum + pick(phone).length, 0),
      0,
    );
  const longest = (name: string, limit: number | null, pick: (phone: PhoneVerdict) => number) =>
    atMost(name, "seconds", Math.max(0, ...phones.map(pick)), limit);
  return [
    atMost("uploads refused or given up", "uploads", uploadsFailed, 0),
    atMost("archives refused by the import", "archives", importRefused, refusalsExpected ? null : 0),
    none("archives refused by phones", "archives", (phone) => phone.refusedArchives),
    none("keys delivered twice as primaries", "keys", (phone) => phone.repeatedPrimaries),
    none("keys lost", "keys", (phone) => phone.lost),
    none("keys altered", "keys", (phone) => phone.altered),
    none("keys that nobody entered, or that were revoked", "keys", (phone) => phone.unexpected),
    none("keys that came late", "keys", (phone) => phone.late),
    longest("longest gap between two good checks", LONGEST_GAP_SECONDS, (phone) => phone.longestGapSeconds),
    longest("longest time from entering to every phone", null, (phone) => phone.longestWaySeconds),
  ];
}
