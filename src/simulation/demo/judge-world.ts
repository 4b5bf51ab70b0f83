// The verdicts over a world: compares sets of keys, never counts.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { HeldKey } from "../../device/list-held-keys.ts";
import type { EnteredKey } from "../people/key-ledger.ts";

/** What is left of a phone when its world ends. */
export interface ObservedPhone {
  readonly name: string;
  readonly method: string;
  readonly held: readonly HeldKey[];
  /** Which entered keys it has to have. */
  readonly expects: (key: EnteredKey) => boolean;
  /** When the way from where the key was entered to this phone was opened. */
  readonly opensAt: (key: EnteredKey) => UnixSeconds;
  readonly checks: number;
  readonly checksOk: number;
  readonly longestGapSeconds: number;
  readonly refusedArchives: readonly string[];
  readonly repeatedPrimaries: readonly string[];
  /** Revisions that came in one call with their original, which no phone applies (DB 4.1). */
  readonly skippedRevisions: ReadonlySet<string>;
}

export interface PhoneVerdict {
  readonly name: string;
  readonly method: string;
  readonly checks: number;
  readonly checksOk: number;
  readonly held: number;
  readonly heldGenerated: number;
  readonly expected: number;
  readonly lost: readonly string[];
  /** Held with other values than the last. */
  readonly altered: readonly string[];
  /** Held though nobody entered them, or though they were revoked. */
  readonly unexpected: readonly string[];
  readonly repeatedPrimaries: readonly string[];
  readonly refusedArchives: readonly string[];
  readonly skippedRevisions: number;
  readonly late: readonly string[];
  readonly longestGapSeconds: number;
  readonly longestWaySeconds: number;
}

/** From the moment a key may be exported: four hours of window, two of rest, the nation's way, and a slow phone. */
export const LATEST_ARRIVAL_SECONDS = DAY;
/** The slowest phone polls every eight hours; one missed check is forgiven. */
export const LONGEST_GAP_SECONDS = 17 * HOUR;

export function judgePhone(
  phone: ObservedPhone,
  entered: ReadonlyMap<string, EnteredKey>,
  generated: ReadonlySet<string>,
): PhoneVerdict {
  const held = new Map(phone.held.map((key) => [key.keyHex, key]));
  const expected = [...entered.values()].filter((key) => !key.revoked && phone.expects(key));
  const lost = expected.filter((key) => !held.has(key.keyHex));
  const altered = expected.filter((key) => {
    const mine = held.get(key.keyHex);
    return mine !== undefined && mine.recordHex !== key.recordHex && !phone.skippedRevisions.has(key.keyHex);
  });
  const unexpected = phone.held.filter(({ keyHex }) => {
    const known = entered.get(keyHex);
    if (!known) return !generated.has(keyHex);
    return known.revoked ? !phone.skippedRevisions.has(keyHex) : !phone.expects(known);
  });
  const ways = expected.flatMap((key) => {
    const mine = held.get(key.keyHex);
    return mine ? [{ key, opensAt: phone.opensAt(key), cameAt: mine.firstSeenAt }] : [];
  });
  const late = ways.filter(({ key, opensAt, cameAt }) => {
    return cameAt - Math.max(opensAt, key.releasedAt) > LATEST_ARRIVAL_SECONDS;
  });
  const wholeWays = ways.filter(({ key, opensAt }) => key.enteredAt >= opensAt);
  return {
    name: phone.name,
    method: phone.method,
    checks: phone.checks,
    checksOk: phone.checksOk,
    held: held.size,
    heldGenerated: phone.held.filter(({ keyHex }) => generated.has(keyHex)).length,
    expected: expected.length,
    lost: lost.map((key) => key.keyHex),
    altered: altered.map((key) => key.keyHex),
    unexpected: unexpected.map((key) => key.keyHex),
    repeatedPrimaries: phone.repeatedPrimaries,
    refusedArchives: phone.refusedArchives,
    skippedRevisions: phone.skippedRevisions.size,
    late: late.map(({ key }) => key.keyHex),
    longestGapSeconds: phone.longestGapSeconds,
    longestWaySeconds: Math.max(0, ...wholeWays.map(({ key, cameAt }) => cameAt - key.enteredAt)),
  };
}

export interface Verdict {
  readonly name: string;
  readonly value: number;
  /** null: nothing to be bad about; the figure is there to be seen. */
  readonly limit: number | null;
  readonly unit: "keys" | "archives" | "uploads" | "seconds";
  readonly good: boolean;
}

/** The closing verdicts; `importRefused` is judged only where nobody harmed archives on purpose. */
export function judgeWorld(
  phones: readonly PhoneVerdict[],
  uploadsFailed: number,
  importRefused: number,
  refusalsExpected: boolean,
): Verdict[] {
  const sum = (pick: (phone: PhoneVerdict) => number) => phones.reduce((total, phone) => total + pick(phone), 0);
  const longest = (pick: (phone: PhoneVerdict) => UnixSeconds) => Math.max(0, ...phones.map(pick));
  const atMost = (name: string, unit: Verdict["unit"], value: number, limit: number | null): Verdict => ({
    name,
    value,
    limit,
    unit,
    good: limit === null || value <= limit,
  });
  return [
    atMost("uploads refused or given up", "uploads", uploadsFailed, 0),
    atMost("archives refused by the import", "archives", importRefused, refusalsExpected ? null : 0),
    atMost(
      "archives refused by phones",
      "archives",
      sum((phone) => phone.refusedArchives.length),
      0,
    ),
    atMost(
      "keys delivered twice as primaries",
      "keys",
      sum((phone) => phone.repeatedPrimaries.length),
      0,
    ),
    atMost(
      "keys lost",
      "keys",
      sum((phone) => phone.lost.length),
      0,
    ),
    atMost(
      "keys altered",
      "keys",
      sum((phone) => phone.altered.length),
      0,
    ),
    atMost(
      "keys that nobody entered, or that were revoked",
      "keys",
      sum((phone) => phone.unexpected.length),
      0,
    ),
    atMost(
      "keys that came late",
      "keys",
      sum((phone) => phone.late.length),
      0,
    ),
    atMost(
      "longest gap between two good checks",
      "seconds",
      longest((phone) => phone.longestGapSeconds),
      LONGEST_GAP_SECONDS,
    ),
    atMost(
      "longest time from entering to every phone",
      "seconds",
      longest((phone) => phone.longestWaySeconds),
      null,
    ),
  ];
}
