// The closing verdicts, over all phones of a world.

import { HOUR } from "../../core/clock.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import type { PhoneVerdict } from "./judge-phone.ts";
import { LATEST_ARRIVAL_SECONDS } from "./longest-way.ts";

export interface Verdict {
  readonly name: string;
  readonly value: number;
  /** null: nothing to be bad about; the figure is there to be seen. */
  readonly limit: number | null;
  /** `least`: a world in which nothing happened proves nothing. */
  readonly bound: "most" | "least";
  readonly unit: "keys" | "archives" | "uploads" | "seconds";
  readonly good: boolean;
}

/** One missed check of the slowest phone is forgiven. */
const LONGEST_GAP_SECONDS = 2 * Math.max(...PHONE_KINDS.map(({ pollSeconds }) => pollSeconds)) + HOUR;

export interface WorldFigures {
  /** null where nobody uploads. */
  readonly uploadsFailed: number | null;
  readonly archivesRefused: number;
  /** Somebody else wrote the archives, so that some may be refused for good reasons. */
  readonly refusalsExpected: boolean;
  /** Keys that were entered and not revoked. */
  readonly keysDue: number;
}

export function judgeWorld(phones: readonly PhoneVerdict[], figures: WorldFigures): Verdict[] {
  const { uploadsFailed, archivesRefused, refusalsExpected, keysDue } = figures;
  const atMost = (name: string, unit: Verdict["unit"], value: number, limit: number | null): Verdict => ({
    name,
    value,
    limit,
    bound: "most",
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
    { name: "keys meant for phones", value: keysDue, limit: 1, bound: "least", unit: "keys", good: keysDue >= 1 },
    ...(uploadsFailed === null ? [] : [atMost("uploads refused or given up", "uploads", uploadsFailed, 0)]),
    atMost("archives refused by the import", "archives", archivesRefused, refusalsExpected ? null : 0),
    none("archives refused by phones", "archives", (phone) => phone.refusedArchives),
    none("keys delivered twice", "keys", (phone) => phone.repeatedPrimaries),
    none("keys lost", "keys", (phone) => phone.lost),
    none("keys altered", "keys", (phone) => phone.altered),
    none("keys never reported, or revoked", "keys", (phone) => phone.unexpected),
    none("keys that came late", "keys", (phone) => phone.late),
    longest("longest gap between two good checks", LONGEST_GAP_SECONDS, (phone) => phone.longestGapSeconds),
    longest("longest way of a key to a phone", LATEST_ARRIVAL_SECONDS, (phone) => phone.longestWaySeconds),
  ];
}
