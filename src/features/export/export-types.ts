// The words of the export feature: a configuration, and how far it has come.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KeyFilter, PageCursor } from "../exposures/exposure-types.ts";

/** How many keys one archive holds. */
export interface RecordLimits {
  /** Most keys in one archive (KS 1.8). */
  readonly maxRecords: number;
  /** An archive with fewer keys is padded up to this many and a random part of `paddingRange` (KS 1.9). */
  readonly minRecords: number;
  readonly paddingRange: number;
}

/** Of exports that do not say otherwise (KS 11.5 EXPORT_FILE_...). */
export const DEFAULT_RECORD_LIMITS: RecordLimits = { maxRecords: 500_000, minRecords: 1_000, paddingRange: 100 };

export interface ExportSettings extends RecordLimits {
  readonly name: string;
  /** The location that publishes. */
  readonly location: string;
  /** Written into the archives; upper-case. */
  readonly region: string;
  /** Which keys; no include region means `region`. */
  readonly filter: KeyFilter;
  /** Divides a day; at most a day (KS 2.1). */
  readonly periodSeconds: number;
  readonly from: UnixSeconds;
  /** The last window ends here; null: no end. */
  readonly thru: UnixSeconds | null;
  /** How much from before `from` goes, compacted, into the first window; 0: nothing. */
  readonly backfillSeconds: number;
}

/** Of the job. */
export interface RunSettings {
  /** A window rests this long before it is exported (KS 11.5 MIN_WINDOW_AGE). */
  readonly minWindowAgeSeconds: number;
  readonly truncateWindowSeconds: number;
}

/** Where an open window stands: everything before was committed in earlier archives of it. */
export interface OpenWindow {
  readonly end: UnixSeconds;
  readonly list: "released" | "revised";
  readonly after: PageCursor | null;
}

export interface ExportConfig extends ExportSettings {
  readonly id: number;
  readonly exportedUntil: UnixSeconds | null;
  readonly openWindow: OpenWindow | null;
  /** The keys that run at its end are all released before this instant; null: not looked at yet. */
  readonly endingUntil: UnixSeconds | null;
  readonly endedAt: UnixSeconds | null;
  /** Why an operator ended it with something left; null: nothing was left, or it has not ended. */
  readonly givenUp: string | null;
  /** Raised by every change of the settings. */
  readonly settingsRevision: number;
}

/** What one archive, or a window that needed none, adds to the record of its window. */
export interface WindowPart {
  readonly archives: number;
  readonly primaries: number;
  readonly revised: number;
  readonly leftOut: number;
  readonly generated: number;
}

export type ExportErrorCode =
  | "export_exists"
  | "export_unknown"
  | "export_settings_invalid"
  | "export_stretch_invalid"
  | "export_overtaken"
  /** It is not ending, so nothing can be given up. */
  | "export_not_ending"
  | "export_clock_behind";
