// O6: no phone gets a key twice as a primary.

import type { UnixSeconds } from "../../core/clock.ts";
import { followedAt, kindOf, treesOf } from "../observe/followed-trees.ts";
import type { Observed, ObservedPhone } from "../observe/observed.ts";
import { eventsOf } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const noRepetition: Invariant = {
  id: "O6",
  rule: "No phone processes a key twice as a primary.",
  experience: "An encounter counts twice, downloads cost their owners money, and the quota is used up for nothing.",
  check: (observed) => earliest(findRepetitions(observed)),
};

function* findRepetitions(observed: Observed): Generator<Violation> {
  for (const phone of observed.phones) {
    if (kindOf(phone)?.repeatsByDesign !== true) yield* repetitions(observed, phone);
  }
}

function* repetitions(observed: Observed, phone: ObservedPhone): Generator<Violation> {
  let isMisled = false;
  let before: UnixSeconds | null = null;
  for (const { result, disturbed } of phone.checks) {
    isMisled ||= disturbed === true;
    const [keyHex] = result.repeatedPrimaries;
    const isExcused = isMisled || mayBeStale(observed, phone, result.at) || mayBeStale(observed, phone, before);
    if (keyHex !== undefined && !isExcused && !beganAnew(observed, phone, result.at)) {
      const what = `The phone got ${result.repeatedPrimaries.length} keys again as primaries.`;
      yield { at: result.at, where: phone.name, witness: keyHex, what };
    }
    // What a disturbance made it forget has come again with the next files that it accepts.
    if (disturbed !== true && result.accepted.length > 0) isMisled = false;
    before = result.at;
  }
}

/** Whether caches may have served an older index than before: nodes of different age look like a way back (DB 1.6). */
function mayBeStale(observed: Observed, phone: ObservedPhone, at: UnixSeconds | null): boolean {
  if (at === null) return false;
  const since = at - observed.limits.indexCacheSeconds;
  return treesOf(observed, followedAt(phone, at)).some(({ indexes }) =>
    indexes.some((state) => state.at > since && state.at <= at && since < at),
  );
}

/** A script made it begin at the first line, of its tree or of another. */
function beganAnew(observed: Observed, phone: ObservedPhone, at: UnixSeconds): boolean {
  const trees = treesOf(observed, followedAt(phone, at)).map(({ name }) => name);
  const lately = at - phone.pollSeconds;
  return (
    eventsOf(observed, "restart-forced").some(
      (event) => trees.includes(event.tree) && event.at <= at && event.at > lately,
    ) ||
    eventsOf(observed, "app-updated").some((event) => event.phone === phone.name && event.at <= at && event.at > lately)
  );
}
