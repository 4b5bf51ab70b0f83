// What came of one check of a phone.

import type { UnixSeconds } from "../core/clock.ts";
import type { FailedDownload } from "./download.ts";
import type { DroppedArchive, RefusedArchive } from "./verifier.ts";

export type CheckFailure =
  | "index_unavailable"
  | "index_unparsable"
  | "file_unavailable"
  | "quota_exhausted"
  | "call_refused";

export interface CheckResult {
  readonly at: UnixSeconds;
  readonly result: "ok" | "failed";
  /** null when it ended well. */
  readonly reason: CheckFailure | null;
  /** URLs of the archives that came, in order. */
  readonly fetched: readonly string[];
  /** A tolerant app may end well in spite of them. */
  readonly failedDownloads: readonly FailedDownload[];
  /** Provide calls that the system accepted or refused; those above the quota are not made. */
  readonly provideCalls: number;
  /** Lines of the index whose archives the system accepted and matched. */
  readonly accepted: readonly string[];
  /** The archive that made the system refuse the call; nothing beside it in the call was processed. */
  readonly refused: readonly RefusedArchive[];
  /** Archives that the system took from the app with success and did not match. */
  readonly dropped: readonly DroppedArchive[];
  readonly keysAdded: number;
  /** Keys of accepted archives that the phone can have no sighting of, by its own clock: they are held, and useless. */
  readonly keysOutsideWindow: number;
  /** Keys, in hex, that came again as primaries. */
  readonly repeatedPrimaries: readonly string[];
  /** Keys, in hex, with a revision that was not applied. */
  readonly skippedRevisions: readonly string[];
}

export const UNEVENTFUL = {
  fetched: [],
  failedDownloads: [],
  provideCalls: 0,
  accepted: [],
  refused: [],
  dropped: [],
  keysAdded: 0,
  keysOutsideWindow: 0,
  repeatedPrimaries: [],
  skippedRevisions: [],
} as const;
