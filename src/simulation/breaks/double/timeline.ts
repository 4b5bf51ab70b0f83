// When what happens in a double world: a read-only migration, a switch of the nation's seal, an address given up.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../../core/clock.ts";

/** A fixed Monday, so that a seed repeats a world. */
export const STARTS_AT: UnixSeconds = Date.UTC(2026, 10, 2) / 1_000;

function after(days: number, seconds = 0): UnixSeconds {
  return STARTS_AT + Math.round(days * DAY) + seconds;
}

export const T = {
  secondLocation: after(2),
  importFrom: after(2, 2 * HOUR),
  /** The nation has imported the state's keys by then, and not exported them. */
  tooEarlyToUpdate: after(2, 5 * HOUR + 50 * MINUTE),
  legacyPhonesUpdated: after(3, 30 * MINUTE),
  contentSwitch: after(4, 3 * HOUR),
  travellersUpload: after(5),
  /** Long enough that two windows are due afterwards. */
  stateOutage: { from: after(5.25), until: after(5.25, 13 * HOUR) },
  mirrorTroubles: after(6.25),
  travellerRevised: after(6.5),
  importTroubles: after(7),
  stateUploadsEnd: after(8, 14 * HOUR),
  /** When the last key is released, which goes on until midnight; not where a window ends. */
  stateExportsEnd: after(9, HOUR + 20 * MINUTE),
  travelFrom: after(9),
  newSealTrusted: after(9),
  newSigningKey: after(9.5),
  oldSealEnds: after(10, 3 * HOUR),
  newSealBegins: after(10, 9 * HOUR),
  freshPhone: after(12),
  secondWorker: after(13),
  serverDown: { from: after(11), until: after(14) },
  deletionFails: after(12, 3 * HOUR),
  oddArchives: after(17),
  legacySwitchedOff: after(17.5),
  uploadsEnd: after(17),
  endsAt: after(20),
} as const;

export const PERIOD_SECONDS = 6 * HOUR;
export const RETENTION_SECONDS = 14 * DAY;
export const GRACE_SECONDS = 2 * DAY;
/** A window, the outage, the time between two seals, import and mirror at their rhythm, and the troubles of their networks. */
export const LISTED_WITHIN_SECONDS = 48 * HOUR;
export const HELD_WITHIN_SECONDS = 56 * HOUR;
export const MIN_RECORDS = 12;
