// What happened to a phone after which phones of its kind lose keys, whatever servers do (DB 8).

import type { LossCause, PhoneKind } from "../../device/phone-kind.ts";
import type { ObservedPhone } from "./observed.ts";

export function hasLostByItself(kind: PhoneKind, phone: Pick<ObservedPhone, "checks">): boolean {
  // Who marks all that it finds at first as processed has only what came later.
  return kind.startsWithLast === 0 || causesOfOwnLoss(kind, phone).length > 0;
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
