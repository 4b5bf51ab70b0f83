// What came of one check of a phone.

import type { UnixSeconds } from "../core/clock.ts";
import type { FailedDownload } from "./download.ts";
import type { RefusedArchive } from "./verifier.ts";

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
  /** Lines of the index whose archives the system accepted. */
  readonly accepted: readonly string[];
  /** The archive that made the system refuse the call; nothing beside it was processed. */
  readonly refused: readonly RefusedArchive[];
  readonly keysAdded: number;
  /** Keys, in hex, that came again as primaries. */
  readonly repeatedPrimaries: readonly string[];
  /** Keys, in hex, with a revision that was not applied. */
  readonly skippedRevisions: readonly string[];
}

export const UNEVENTFUL = {
  fetched: [],
  failedDownloads: [],
  accepted: [],
  refused: [],
  keysAdded: 0,
  repeatedPrimaries: [],
  skippedRevisions: [],
} as const;
