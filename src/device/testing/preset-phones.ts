// Three ready-made phones for tests.

import { androidLenient, androidStrict } from "../android-verifier.ts";
import { iosFirstSignature } from "../ios-verifier.ts";
import { iosCache } from "../key-holding.ts";
import { type LastSeenMemory, lastSeenFollower } from "../last-seen.ts";
import { createNameTimeAndroid, type NameTimeMemory } from "../name-time.ts";
import { createPhone, type Phone } from "../phone.ts";
import type { KindOptions } from "../phone-kind.ts";
import { ANDROID_WINDOW_QUOTA, IOS_VERSION_2_QUOTA } from "../provide-quota.ts";
import { createSetFollower, type SetMemory } from "../set-of-names.ts";

/** Google's reference app: last seen, lenient; its client retries three times (DB 1.2, 1.6). */
export function androidReferencePhone(options: KindOptions<LastSeenMemory>): Phone<LastSeenMemory> {
  return createPhone({
    retries: 3,
    quota: ANDROID_WINDOW_QUOTA,
    ...options,
    follower: lastSeenFollower,
    verifier: androidLenient,
  });
}

/** The covidgreen plug-in on Android: name time, at most twelve files a check (DB 1.4), a strict system. */
export function covidgreenAndroidPhone(options: KindOptions<NameTimeMemory>): Phone<NameTimeMemory> {
  return createPhone({
    quota: ANDROID_WINDOW_QUOTA,
    ...options,
    follower: createNameTimeAndroid(),
    verifier: androidStrict,
  });
}

/** An iOS app with the set method, committed when the system accepted (DB 1.3). */
export function setPhone(options: KindOptions<SetMemory>): Phone<SetMemory> {
  return createPhone({
    holding: iosCache,
    quota: IOS_VERSION_2_QUOTA,
    ...options,
    follower: createSetFollower({ commit: "after_accepted", partialDownload: "all_or_nothing" }),
    verifier: iosFirstSignature,
  });
}
