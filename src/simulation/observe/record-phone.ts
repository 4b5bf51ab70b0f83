// Records the checks of a phone, and what its owner does with it.

import type { UnixSeconds } from "../../core/clock.ts";
import type { CheckResult } from "../../device/check-result.ts";
import type { Phone } from "../../device/phone.ts";
import type { Followed, ObservedCheck, ObservedPhone } from "./observed.ts";

export interface PhoneRecorder {
  /** Checks with the phone of this moment; the results stand in `observe().checks`, marked where `isDisturbed` says so. */
  check(now: UnixSeconds, isDisturbed?: () => boolean): Promise<CheckResult>;
  /** From `followed.from` on the app is another, with the memory of the first: an update, or a journey. */
  replace(phone: Phone, followed: Followed): void;
  /** It was off, or could reach nobody. */
  addAbsence(from: UnixSeconds, until: UnixSeconds): void;
  observe(): ObservedPhone;
}

/** What nobody can see from outside; `follows` is what it follows from its beginning. */
export interface PhoneFacts
  extends Pick<ObservedPhone, "kind" | "trustedKeys" | "pollSeconds" | "expects" | "callsPerDay"> {
  readonly follows: Followed;
}

export function recordPhone(first: Phone, { follows: firstFollowed, ...facts }: PhoneFacts): PhoneRecorder {
  const follows = [firstFollowed];
  const checks: ObservedCheck[] = [];
  const away: { readonly from: UnixSeconds; readonly until: UnixSeconds }[] = [];
  let phone = first;

  return {
    async check(now, isDisturbed = () => false) {
      const result = await phone.check(now);
      // Followers answer a new memory instead of changing the old one, so it needs no copy.
      const disturbed = isDisturbed() ? { disturbed: true as const } : {};
      checks.push({ result, memory: phone.memory.follower, ...disturbed });
      return result;
    },
    replace(another, followed) {
      phone = another;
      follows.push(followed);
    },
    addAbsence: (from, until) => {
      away.push({ from, until });
    },
    observe: () => ({
      ...facts,
      name: first.name,
      follows: [...follows],
      away: [...away],
      checks: [...checks],
      held: [...phone.heldKeys()],
    }),
  };
}
