// The verdict over one phone: compares sets of keys, never counts, and asks of each kind what phones of it can do.

import { type UnixSeconds } from "../../core/clock.ts";
import type { HeldKey } from "../../device/list-held-keys.ts";
import type { LossCause, PhoneKind } from "../../device/phone-kind.ts";
import { causesOfOwnLoss, skippedHistoryAt } from "../observe/lost-by-itself.ts";
import type { ObservedPhone } from "../observe/observed.ts";
import { isSameUnread, saysTheSame } from "../observe/record-values.ts";
import type { EnteredKey } from "../people/key-ledger.ts";
import { LATEST_ARRIVAL_SECONDS } from "./longest-way.ts";

/** `skipped_history`: of what was listed when it was new it took the newest files only, or none. */
export type OwnLoss = LossCause | "skipped_history";

/** Keys are told by their data in hex. */
export interface PhoneVerdict {
  readonly name: string;
  readonly checks: number;
  readonly checksOk: number;
  readonly held: number;
  readonly heldGenerated: number;
  readonly expected: number;
  /** By the servers. */
  readonly lost: readonly string[];
  /** By the phone itself, in ways that its kind is known for. */
  readonly lacking: readonly string[];
  /** Empty where nothing is lacking. */
  readonly lackingBecause: readonly OwnLoss[];
  /** Held with other values than the last; any that was entered will do for phones that read no revisions. */
  readonly altered: readonly string[];
  /** Held though nobody entered them, or though they were revoked. */
  readonly unexpected: readonly string[];
  readonly repeatedPrimaries: readonly string[];
  /** With the reason: refused, or taken from the app and then not matched. */
  readonly refusedArchives: readonly string[];
  /** Held with values before a revision that the phone has and did not apply (DB 4.1). */
  readonly unrevised: number;
  readonly late: readonly string[];
  readonly longestGapSeconds: number;
  /** From the moment at which a key may be published here. */
  readonly longestWaySeconds: number;
}

/** A key that the phone has to have, and when its way to the phone was open. */
interface Due {
  readonly key: EnteredKey;
  readonly opensAt: UnixSeconds;
}

export function judgePhone(
  kind: PhoneKind,
  phone: ObservedPhone,
  entered: ReadonlyMap<string, EnteredKey>,
  generated: ReadonlySet<string>,
  endsAt: UnixSeconds,
): PhoneVerdict {
  const results = phone.checks.map(({ result }) => result);
  const held = new Map(phone.held.map((key) => [key.keyHex, key]));
  const due = dueKeys(phone, entered);
  const expected = due.filter(({ key }) => !key.revoked);
  const missing = expected.filter(({ key }) => !held.has(key.keyHex));
  const { isOwn, causes } = ownLosses(kind, phone);
  const lacking = missing.filter(isOwn);

  const skipped = new Set(results.flatMap(({ skippedRevisions }) => skippedRevisions));
  const isUnrevised = (key: HeldKey) =>
    skipped.has(key.keyHex) && !isAltered(kind, key, entered.get(key.keyHex), false);
  const altered = phone.held.filter((key) => isAltered(kind, key, entered.get(key.keyHex), kind.appliesRevisions));
  const isExpected = new Set(due.map(({ key }) => key.keyHex));
  const unexpected = phone.held.filter(({ keyHex }) => !isExpected.has(keyHex) && !generated.has(keyHex));
  const revoked = phone.held.filter(({ keyHex }) => kind.appliesRevisions && entered.get(keyHex)?.revoked === true);

  // What it missed by itself may still come, by a revision.
  const ways = expected.flatMap((one) => {
    if (isOwn(one)) return [];
    const cameAt = held.get(one.key.keyHex)?.firstSeenAt;
    // Before both it cannot come, and neither wait is the servers' doing.
    const mayComeAt = Math.max(one.opensAt, one.key.releasedAt);
    return cameAt === undefined ? [] : [{ ...one, seconds: cameAt - mayComeAt }];
  });
  const late = ways.filter(({ seconds }) => seconds > LATEST_ARRIVAL_SECONDS);
  const wrong = [...altered, ...revoked];
  return {
    name: phone.name,
    checks: results.length,
    checksOk: results.filter(({ result }) => result === "ok").length,
    held: held.size,
    heldGenerated: phone.held.filter(({ keyHex }) => generated.has(keyHex)).length,
    expected: expected.length,
    lost: keysOf(missing.filter((one) => !isOwn(one))),
    lacking: keysOf(lacking),
    lackingBecause: lacking.length === 0 ? [] : causes,
    altered: altered.filter((key) => !isUnrevised(key)).map(({ keyHex }) => keyHex),
    unexpected: [...unexpected, ...revoked.filter((key) => !isUnrevised(key))].map(({ keyHex }) => keyHex),
    repeatedPrimaries: kind.repeatsByDesign ? [] : results.flatMap(({ repeatedPrimaries }) => repeatedPrimaries),
    refusedArchives: results.flatMap(({ refused, dropped }) =>
      [...refused, ...dropped].map(({ name, reason }) => `${name}: ${reason}`),
    ),
    unrevised: wrong.filter(isUnrevised).length,
    late: keysOf(late),
    longestGapSeconds: longestGap(phone, endsAt),
    longestWaySeconds: ways.reduce((longest, { seconds }) => Math.max(longest, seconds), 0),
  };
}

function dueKeys({ expects }: ObservedPhone, entered: ReadonlyMap<string, EnteredKey>): Due[] {
  const openedAt = new Map(expects.map(({ place, from }) => [place, from]));
  return [...entered.values()].flatMap((key) => {
    const opensAt = openedAt.get(key.at);
    return opensAt === undefined ? [] : [{ key, opensAt }];
  });
}

/** Which missing keys are the phone's own fault. */
function ownLosses(
  kind: PhoneKind,
  phone: ObservedPhone,
): { readonly isOwn: (due: Due) => boolean; readonly causes: readonly OwnLoss[] } {
  const causes = causesOfOwnLoss(kind, phone);
  if (causes.length > 0) return { isOwn: () => true, causes };
  const skippedAt = skippedHistoryAt(kind, phone);
  if (skippedAt === null) return { isOwn: () => false, causes };
  return {
    isOwn: ({ key, opensAt }) => Math.max(opensAt, key.enteredAt, key.releasedAt) < skippedAt,
    causes: ["skipped_history"],
  };
}

/** Whether it has values that nobody entered, or where `lastOnly` earlier ones than the last. */
function isAltered(kind: PhoneKind, { recordHex }: HeldKey, key: EnteredKey | undefined, lastOnly: boolean): boolean {
  if (key === undefined || (lastOnly && key.revoked)) return false;
  const isSame = kind.readsReportTypes ? saysTheSame : isSameUnread;
  return !(lastOnly ? key.states.slice(-1) : key.states).some((state) => isSame(state, recordHex));
}

/** Between two good checks; the time before the first and after the last counts as well. */
function longestGap({ checks, follows }: ObservedPhone, endsAt: UnixSeconds): number {
  const times = checks.filter(({ result }) => result.result === "ok").map(({ result }) => result.at);
  const all = [follows[0]?.from ?? endsAt, ...times, endsAt];
  return Math.max(...all.slice(1).map((at, index) => at - (all[index] ?? at)));
}

function keysOf(dues: readonly Due[]): string[] {
  return dues.map(({ key }) => key.keyHex);
}
