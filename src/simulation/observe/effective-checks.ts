// By which check a phone must have what is there: its own hindrances put aside.

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { kindOf } from "./followed-trees.ts";
import type { ObservedCheck, ObservedPhone } from "./observed.ts";

/**
 * Answers the check by which the phone must have what it can have from `ready` on; Infinity where none comes. That is
 * the next one that counts; if it failed, the one behind it, since one failure may befall everybody.
 */
export function deadlinesOf(phone: ObservedPhone): (ready: UnixSeconds) => UnixSeconds {
  const counted = phone.checks.filter((check, position) => !check.disturbed && !isCapped(phone, position));
  return (ready) => {
    const next = counted[firstFrom(counted, ready)];
    if (next === undefined || next.result.result === "ok") return next?.result.at ?? Infinity;
    return counted[firstFrom(counted, next.result.at + 1)]?.result.at ?? Infinity;
  };
}

/** The position of the first check at or after the instant, which is that behind all of them where none is. */
function firstFrom(checks: readonly ObservedCheck[], at: UnixSeconds): number {
  let [low, high] = [0, checks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((checks[middle]?.result.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** It had to leave files for later, because its kind takes so many only. */
function isCapped(phone: ObservedPhone, position: number): boolean {
  const { maxFilesPerCheck = null, filesPerDay = null } = kindOf(phone) ?? {};
  const result = phone.checks[position]?.result;
  if (result === undefined || result.reason === "quota_exhausted") return true;
  if (result.fetched.length >= (maxFilesPerCheck ?? Infinity)) return true;
  if (filesPerDay === null) return false;
  const lately = phone.checks.slice(0, position + 1).filter(({ result: { at } }) => at > result.at - DAY);
  return lately.reduce((sum, check) => sum + check.result.fetched.length, 0) >= filesPerDay;
}
