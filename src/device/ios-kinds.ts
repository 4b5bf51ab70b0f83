// Phones of the catalogue with iOS, under an app or without one.

import { createCursorFollower, NAME_END, readNumberedLines } from "./cursor.ts";
import { expressFollower } from "./express.ts";
import { iosFirstSignature } from "./ios-verifier.ts";
import { iosCache, iosGroups } from "./key-holding.ts";
import { createNameTimeIos } from "./name-time.ts";
import type { PhoneProfile } from "./phone.ts";
import { definePhoneKind, type KindFacts, type PhoneKind } from "./phone-kind.ts";
import { IOS_13_5_QUOTA, IOS_13_6_QUOTA, IOS_VERSION_2_QUOTA, type ProvideQuota } from "./provide-quota.ts";
import { byLine, createSetFollower, type SetOptions } from "./set-of-names.ts";

/** API version 2 (iOS 13.7 and 12.5), as long as the profile does not say otherwise. */
function ios<Memory>(
  facts: KindFacts,
  profile: Pick<PhoneProfile<Memory>, "follower"> & Partial<PhoneProfile<Memory>>,
): PhoneKind {
  const version2 = { verifier: iosFirstSignature, holding: iosCache, quota: IOS_VERSION_2_QUOTA };
  return definePhoneKind("ios", facts, { ...version2, ...profile });
}

/** The set method, committed when the system accepted (DB 1.3). */
const SAFE_SET: SetOptions = { commit: "after_accepted", partialDownload: "all_or_nothing" };
const setFollower = createSetFollower(SAFE_SET);

/** NL counts its own sets: 15 in 24 hours, in the calls that the system allows (DB 1.3). */
const NL_QUOTA: ProvideQuota = { ...IOS_VERSION_2_QUOTA, filesPerDay: 15 };

export const IOS_KINDS: readonly PhoneKind[] = [
  ios(
    {
      name: "ios-13-5",
      about: "The set method on iOS 13.5: 15 files a day, keys that come twice count twice.",
      pollHours: 8,
    },
    { follower: setFollower, holding: iosGroups, quota: IOS_13_5_QUOTA },
  ),
  ios(
    {
      name: "ios-13-6",
      about: "The set method on iOS 13.6: 15 calls a day, keys that come twice count twice.",
      pollHours: 8,
    },
    { follower: setFollower, holding: iosGroups, quota: IOS_13_6_QUOTA },
  ),
  ios(
    {
      name: "ios-version-2",
      about: "The set method on iOS 13.7 or 12.5, remembered when the system accepted.",
      pollHours: 8,
    },
    { follower: setFollower },
  ),
  ios(
    {
      name: "ios-cwa",
      about: "An app in the manner of CWA: as ios-version-2, but a refusal makes it begin anew.",
      pollHours: 6,
    },
    { follower: createSetFollower({ ...SAFE_SET, forgetsWhenRefused: true }) },
  ),
  ios(
    {
      name: "ios-commit-on-download",
      about: "An app with the set method that remembers a file as soon as it has come.",
      pollHours: 8,
      losesAfter: ["refused_file", "quota_exhausted"],
    },
    { follower: createSetFollower({ ...SAFE_SET, commit: "after_download" }) },
  ),
  ios(
    { name: "ios-nl", about: "An app in the manner of NL: at most 15 files a day, oldest first.", pollHours: 4 },
    {
      follower: createSetFollower({ ...SAFE_SET, partialDownload: "tolerate_and_retry", identify: byLine }),
      quota: NL_QUOTA,
    },
  ),
  ios(
    {
      name: "ios-covidgreen",
      about: "The covidgreen plug-in: windows in file names, at most 6 files a check.",
      pollHours: 6,
      losesAfter: ["failed_download"],
      maxFilesPerCheck: 6,
      startsWithLast: 6,
    },
    { follower: createNameTimeIos(6) },
  ),
  ios(
    {
      name: "ios-immuni",
      about: "An app in the manner of Immuni: the newest 15 files in one call.",
      pollHours: 6,
      losesAfter: ["long_backlog"],
      maxFilesPerCheck: 15,
      startsWithLast: 15,
    },
    {
      follower: createCursorFollower({
        readIndex: readNumberedLines(NAME_END),
        commit: "after_accepted",
        unknownId: "ignored",
        takes: { from: "newest", files: 15 },
      }),
      missingIndexEndsWell: true,
    },
  ),
  ios(
    {
      name: "ios-express",
      about: "iOS without an app: the system follows, and begins anew at another address.",
      pollHours: 6,
    },
    { follower: expressFollower },
  ),
];
