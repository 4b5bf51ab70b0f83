// Phones of the catalogue with Android, Google's services or microG's under the app.

import { androidLenient, androidSingleBatch, androidStrict } from "./android-verifier.ts";
import { createCursorFollower, NAME_END, readNumberedLines } from "./cursor.ts";
import { dailyPeriodsFollower } from "./daily-periods.ts";
import { androidTokenTable } from "./key-holding.ts";
import { createLastSeenFollower, lastSeenFollower } from "./last-seen.ts";
import { microgOpen, microgPinned } from "./microg-verifier.ts";
import { createNameTimeAndroid } from "./name-time.ts";
import type { PhoneProfile } from "./phone.ts";
import { definePhoneKind, type KindFacts, type PhoneKind } from "./phone-kind.ts";
import { ANDROID_TOKEN_QUOTA, ANDROID_WINDOW_QUOTA, NO_QUOTA } from "./provide-quota.ts";
import { byLine, createSetFollower } from "./set-of-names.ts";

/** Lenient, in window mode, as long as the profile does not say otherwise. */
function android<Memory>(
  facts: KindFacts,
  profile: Pick<PhoneProfile<Memory>, "follower"> & Partial<PhoneProfile<Memory>>,
): PhoneKind {
  return definePhoneKind("android", facts, { verifier: androidLenient, quota: ANDROID_WINDOW_QUOTA, ...profile });
}

/** Google's reference app: last seen, all in one call, three retries (DB 1.2, 1.6). */
const REFERENCE = { follower: lastSeenFollower, retries: 3 };
const TOKEN_MODE = { quota: ANDROID_TOKEN_QUOTA, holding: androidTokenTable };
const TAKES_NAME_ENDS = readNumberedLines(NAME_END);

export const ANDROID_KINDS: readonly PhoneKind[] = [
  android(
    { name: "android-lenient", about: "The reference app on a system that skips foreign signatures.", pollHours: 4 },
    REFERENCE,
  ),
  android(
    { name: "android-strict", about: "The reference app on a system that refuses foreign signatures.", pollHours: 4 },
    { ...REFERENCE, verifier: androidStrict },
  ),
  android(
    { name: "android-token-mode", about: "The reference app in the legacy token mode, 20 calls a day.", pollHours: 4 },
    { ...REFERENCE, ...TOKEN_MODE },
  ),
  // A call of two windows would be refused, so its apps make a call for every file (DB 2.5).
  android(
    { name: "android-before-1-5", about: "An old system that takes one batch per call, 20 calls a day.", pollHours: 4 },
    {
      ...TOKEN_MODE,
      follower: createLastSeenFollower("after_each_call"),
      verifier: androidSingleBatch,
      callsPerFile: true,
      retries: 3,
    },
  ),
  android(
    { name: "android-equal-timing", about: "A system that ignores a second file of equal timing.", pollHours: 4 },
    { ...REFERENCE, knownBy: "timing" },
  ),
  android(
    {
      name: "android-covidgreen",
      about: "The covidgreen plug-in on a strict system: windows in file names, at most 12 files a check.",
      pollHours: 6,
      losesAfter: ["failed_download"],
      maxFilesPerCheck: 12,
      startsWithLast: 12,
    },
    { follower: createNameTimeAndroid(12), verifier: androidStrict },
  ),
  android(
    {
      name: "android-nl",
      about: "An app in the manner of NL: takes all that it finds first for processed, leaves what fails for later.",
      pollHours: 4,
      startsWithLast: 0,
    },
    {
      follower: createSetFollower({
        commit: "after_accepted",
        partialDownload: "tolerate_and_retry",
        identify: byLine,
        skipsHistory: true,
      }),
    },
  ),
  android(
    {
      name: "android-commit-on-download",
      about: "An app with the set method that remembers a file as soon as it has come.",
      pollHours: 4,
      losesAfter: ["refused_file", "quota_exhausted"],
    },
    { follower: createSetFollower({ commit: "after_download", partialDownload: "all_or_nothing" }) },
  ),
  android(
    {
      name: "android-cursor",
      about: "An app with the id of its newest file as cursor, as of covidgreen's own server; name-ends are the ids.",
      pollHours: 6,
      maxFilesPerCheck: 12,
    },
    {
      follower: createCursorFollower({
        readIndex: TAKES_NAME_ENDS,
        commit: "after_accepted",
        unknownId: "from_the_beginning",
        takes: { from: "oldest", files: 12 },
      }),
    },
  ),
  // The newest chunk is remembered when the first call succeeded (DB 1.5).
  android(
    {
      name: "android-immuni",
      about: "An app in the manner of Immuni: the newest 20 files, one call each, remembered after the first.",
      pollHours: 4,
      losesAfter: ["refused_file", "quota_exhausted", "long_backlog"],
      maxFilesPerCheck: 20,
      startsWithLast: 20,
    },
    {
      ...TOKEN_MODE,
      follower: createCursorFollower({
        readIndex: TAKES_NAME_ENDS,
        commit: "after_first_call",
        unknownId: "ignored",
        takes: { from: "newest", files: 20 },
      }),
      callsPerFile: true,
      missingIndexEndsWell: true,
    },
  ),
  // The server packs all behind the position into one bundle; the slot of the day is spent by a failure too (DB 1.5).
  android(
    {
      name: "android-dp3t",
      about: "An app in the manner of DP-3T: a position, one call for all behind it, six a day with failing ones.",
      pollHours: 4,
    },
    { follower: lastSeenFollower, quota: { ...ANDROID_WINDOW_QUOTA, countsRefusedCalls: true } },
  ),
  android(
    {
      name: "android-cds",
      about: "An app in the manner of CDS: the files of the newest two days at every check.",
      pollHours: 6,
      repeatsByDesign: true,
    },
    { follower: dailyPeriodsFollower },
  ),
  android(
    {
      name: "microg-pinned",
      about: "microG with a pinned key: reports success, then drops every archive that is not sealed by it alone.",
      pollHours: 4,
      losesAfter: ["refused_file"],
    },
    { ...REFERENCE, verifier: microgPinned, knownBy: "bytes", quota: NO_QUOTA },
  ),
  android(
    {
      name: "microg-open",
      about: "microG without a pinned key: reports success, verifies nothing, drops what it cannot read.",
      pollHours: 4,
      losesAfter: ["refused_file"],
    },
    { ...REFERENCE, verifier: microgOpen, knownBy: "bytes", quota: NO_QUOTA },
  ),
];
