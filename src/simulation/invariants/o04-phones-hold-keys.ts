// O4: every phone holds every key that it must hold, with its last values, in time; and none that was revoked.

import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import { deadlinesOf } from "../observe/effective-checks.ts";
import { followedAt, kindOf, treesOf } from "../observe/followed-trees.ts";
import type { KeyState, KnownPersonKey, Observed, ObservedPhone } from "../observe/observed.ts";
import { carriedKeys, personKeysOf, publishableAt } from "../observe/person-keys.ts";
import { isSameUnread, saysTheSame } from "../observe/record-values.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const phonesHoldKeys: Invariant = {
  id: "O4",
  rule: "Each phone holds each key that people entered, as they said last, soon after its release, and none that was revoked.",
  experience: "A warning is missing, is late, is wrong, or is not taken back.",
  check: (observed) => earliest(findWronglyHeld(observed)),
};

function* findWronglyHeld(observed: Observed): Generator<Violation> {
  for (const phone of observed.phones) if (phone.expects.length > 0) yield* wronglyHeld(observed, phone);
}

type Held = ObservedPhone["held"][number];

function* wronglyHeld(observed: Observed, phone: ObservedPhone): Generator<Violation> {
  const held = heldPersonKeys(observed, phone);
  const skipped = new Set<string>();
  for (const { result } of phone.checks) for (const keyHex of result.skippedRevisions) skipped.add(keyHex);
  const judge = judgeOf(observed, phone);
  for (const { key, opensAt } of carriedKeys(observed, phone.expects)) {
    const fault = judge(key, opensAt, held.get(key), skipped.has(key.keyHex));
    if (fault !== null) yield { where: phone.name, witness: key.keyHex, ...fault };
  }
}

/** Most of what a phone holds is made up. */
function heldPersonKeys(observed: Observed, phone: ObservedPhone): Map<KnownPersonKey, Held> {
  const keys = personKeysOf(observed);
  const held = new Map<KnownPersonKey, Held>();
  for (const each of phone.held) {
    const key = keys.get(each.keyHex);
    if (key !== undefined) held.set(key, each);
  }
  return held;
}

type Fault = Pick<Violation, "at" | "what">;

function judgeOf(observed: Observed, phone: ObservedPhone) {
  const kind = kindOf(phone);
  const beginsAt = phone.follows[0]?.from ?? observed.startsAt;
  const retention = retentionOf(observed, phone, beginsAt);
  const seesLatestOnly = (kind?.startsWithLast ?? null) !== null;
  const deadlineFrom = deadlinesOf(phone);
  const lateAt = (from: UnixSeconds) => deadlineFrom(from + observed.limits.heldWithinSeconds);
  // What expired while the phone was away has gone by.
  const hasGoneBy = (published: UnixSeconds, due: UnixSeconds) => due >= published + retention;

  return (key: KnownPersonKey, opensAt: UnixSeconds, held: Held | undefined, isSkipped: boolean): Fault | null => {
    const published = publishableAt(key);
    const from = Math.max(opensAt, beginsAt);
    const due = lateAt(from);
    const mayMiss = ({ at }: KeyState) => isSkipped || hasGoneBy(Math.max(at, published), lateAt(Math.max(at, from)));
    if (seesLatestOnly && published < beginsAt) return null;
    if (held === undefined) return hasGoneBy(published, due) ? null : missingFault(key, due);
    if (held.firstSeenAt > due) return { at: due, what: `The phone got the key at ${isoTime(held.firstSeenAt)} only.` };
    return valueFault(observed, key, held, mayMiss, kind);
  };
}

/** One that was revoked is not held, whatever came. */
function missingFault(key: KnownPersonKey, due: UnixSeconds): Fault | null {
  const what = `The phone does not have this key of ${key.place}.`;
  return key.states.at(-1)?.revoked === true ? null : { at: due, what };
}

/** The last state, or an earlier one where those behind it are not due. */
function valueFault(
  observed: Observed,
  { states }: KnownPersonKey,
  held: Held,
  mayMiss: (state: KeyState) => boolean,
  kind: ReturnType<typeof kindOf>,
): Fault | null {
  const says = kind?.readsReportTypes === false ? isSameUnread : saysTheSame;
  const at = observed.endsAt;
  const state = states.findLastIndex((each) => says(each, held.recordHex));
  if (state < 0)
    return { at: held.firstSeenAt, what: `The phone holds the record ${held.recordHex}, which nobody entered.` };
  if (kind?.appliesRevisions === false || states.slice(state + 1).every(mayMiss)) return null;
  return {
    at,
    what: states.at(-1)?.revoked ? "The phone still holds a revoked key." : "The phone holds values that were revised.",
  };
}

function retentionOf(observed: Observed, phone: ObservedPhone, at: UnixSeconds): number {
  return treesOf(observed, followedAt(phone, at))[0]?.retentionSeconds ?? 14 * DAY;
}
