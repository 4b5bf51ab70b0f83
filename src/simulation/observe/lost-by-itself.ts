// What happened to a phone after which phones of its kind lose keys, whatever servers do (DB 8).

import type { UnixSeconds } from "../../core/clock.ts";
import type { CheckResult } from "../../device/check-result.ts";
import type { LossCause, PhoneKind } from "../../device/phone-kind.ts";
import type { ObservedPhone } from "./observed.ts";

type Lived = Pick<ObservedPhone, "checks" | "follows">;

export function hasLostByItself(kind: PhoneKind, phone: Lived): boolean {
  return skippedHistoryAt(kind, phone) !== null || causesOfOwnLoss(kind, phone).length > 0;
}

/**
 * When the phone first saw what is listed, if it took the newest files of that only, or none, as its kind does; null
 * where it found no more than it takes. Of what was published before it may lack anything.
 */
export function skippedHistoryAt({ startsWithLast }: PhoneKind, phone: Lived): UnixSeconds | null {
  const first = phone.checks.find(({ result }) => hasSeenIndex(phone, result))?.result;
  if (startsWithLast === null || first === undefined) return null;
  return first.fetched.length >= startsWithLast ? first.at : null;
}

/** Some apps take it for a good end that there is no index. */
function hasSeenIndex({ follows }: Lived, { result, failedDownloads }: CheckResult): boolean {
  return result === "ok" && !failedDownloads.some(({ url }) => url === follows[0]?.indexUrl);
}

/** Those of the kind's causes that happened, in the order of its catalogue. */
export function causesOfOwnLoss(kind: PhoneKind, { checks }: Pick<ObservedPhone, "checks">): LossCause[] {
  const happened: Readonly<Record<LossCause, () => boolean>> = {
    // Where the index did not come, no file was asked for.
    failed_download: () =>
      checks.some(({ result }) => result.reason !== "index_unavailable" && result.failedDownloads.length > 0),
    refused_file: () => checks.some(({ disturbed }) => disturbed),
    quota_exhausted: () => checks.some(({ result }) => result.reason === "quota_exhausted"),
    long_backlog: () => checks.some(({ result }, at) => isCapped(kind, result.fetched.length, at === 0)),
  };
  return kind.losesAfter.filter((cause) => happened[cause]());
}

function isCapped({ maxFilesPerCheck, startsWithLast }: PhoneKind, fetched: number, isFirst: boolean): boolean {
  const cap = isFirst ? (startsWithLast ?? maxFilesPerCheck) : maxFilesPerCheck;
  return cap !== null && fetched >= cap;
}
