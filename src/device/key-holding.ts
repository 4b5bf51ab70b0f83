// How an operating system keeps the keys of accepted calls and finds duplicates: the profiles of DB 8.

import { DAY, type UnixSeconds } from "../core/clock.ts";
import { type HoldingOutcome, holdCall, type KnownKeys } from "./hold-keys.ts";
import { holdCallIosVersion1 } from "./hold-keys-ios-version-1.ts";
import type { PhoneExport } from "./read-export.ts";

export interface KeyHolding {
  readonly kind: string;
  /** False: revised keys are never read. */
  readonly appliesRevisions: boolean;
  /** False: report type and days since onset of what it holds are absent. */
  readonly readsReportTypes: boolean;
  /** A key that comes twice counts twice in the results: every `repeatedPrimaries` is harm. */
  readonly countsDuplicates: boolean;
  /** Takes the exports of one accepted call into `known`. */
  hold(known: KnownKeys, exports: readonly PhoneExport[], now: UnixSeconds): HoldingOutcome;
}

const READS_ALL = { appliesRevisions: true, readsReportTypes: true, countsDuplicates: false };

/** DB 4.1, since window mode: a revocation holds also against an original that comes later. */
export const androidWindowTable: KeyHolding = { ...READS_ALL, kind: "android_window_table", hold: holdCall };

/** DB 4.1, before window mode. All calls of an app use one token. */
export const androidTokenTable: KeyHolding = {
  ...READS_ALL,
  kind: "android_token_table",
  hold: (known, exports, now) =>
    holdCall(known, exports, now, { earlyRevocation: "passed_over", forgetsAfterSeconds: null }),
};

/** DB 4.2, before iOS 13.7. */
export const iosGroups: KeyHolding = {
  kind: "ios_groups",
  appliesRevisions: false,
  readsReportTypes: false,
  countsDuplicates: true,
  hold: holdCallIosVersion1,
};

/**
 * DB 4.2, from 13.7 on: what was submitted stays in a cache for 14 days. How it de-duplicates within them is not
 * documented; the rules of Android are assumed.
 */
export const iosCache: KeyHolding = {
  ...READS_ALL,
  kind: "ios_cache",
  hold: (known, exports, now) =>
    holdCall(known, exports, now, { earlyRevocation: "kept", forgetsAfterSeconds: 14 * DAY }),
};
