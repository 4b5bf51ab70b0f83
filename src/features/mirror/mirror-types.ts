// The words of the mirror feature: which server's archives feed which location, and how.

import type { ArchiveTools, SourceProfile } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import type { LocationsFeature } from "../locations/feature.ts";
import type { StoredTrustedKey, Upstream, UpstreamLimits, UpstreamSettings } from "../upstreams/upstream-types.ts";

export interface MirrorSettings extends UpstreamSettings {
  readonly name: string;
  /** The location that is fed. */
  readonly location: string;
  /** `copy`: archives as they are. `reseal`: rebuilt under the location's seal, without what is published there. */
  readonly method: "copy" | "reseal";
  /** Written into resealed archives; may be empty where archives are copied. */
  readonly region: string;
  /** Most keys in one archive of the compacted history. */
  readonly maxRecords: number;
}

/** A new mirror reads a text index and takes nothing that phones would not, unless it says otherwise. */
export type NewMirror = Omit<MirrorSettings, "listingFormat" | keyof SourceProfile> &
  Partial<Pick<MirrorSettings, "listingFormat" | keyof SourceProfile>>;

/** From `from` on it feeds the location: the content switch. */
export interface Mirror extends MirrorSettings, Upstream {
  readonly id: number;
  readonly historyDoneAt: UnixSeconds | null;
  readonly nextPosition: number;
  readonly lastOkAt: UnixSeconds | null;
  readonly lastError: string | null;
}

/** What a mirror has handed over, of the lines that it still remembers. */
export interface MirrorTotals {
  /** Source archives that were handed over. */
  readonly taken: number;
  /** Archives of the location that carry them. */
  readonly archives: number;
  readonly primaries: number;
  readonly revised: number;
  readonly leftOut: number;
  readonly refused: number;
}

/** A mirror as operators see it. */
export interface MirrorOverview {
  readonly mirror: Mirror;
  readonly lastRunAt: UnixSeconds | null;
  /** When the source's index was last read and believed. */
  readonly listedAt: UnixSeconds | null;
  /** The newest end of a window that a line of it names. */
  readonly listedEnd: UnixSeconds | null;
  /** Where `nextPosition` stands once everything is taken that was listed then. */
  readonly targetPosition: number | null;
  readonly newestTakenEnd: UnixSeconds | null;
  readonly lastTakenAt: UnixSeconds | null;
  readonly totals: MirrorTotals;
  /** Lines that an operator wants skipped. */
  readonly skippedLines: number;
  /** Archives that the source withdrew, and nobody has accepted that. */
  readonly lostArchives: number;
  readonly trustedKeys: readonly StoredTrustedKey[];
}

/** One source archive that was handed over. */
export interface TakenArchive {
  readonly line: string;
  readonly digest: string;
  /** Where its window ends. */
  readonly end: UnixSeconds;
  /** null when nothing of it remained, or when its rest is in a later archive of the history. */
  readonly locationLine: string | null;
  readonly primaries: number;
  readonly revised: number;
  readonly leftOut: number;
  /** Keys that no device would take. */
  readonly refused: number;
}

export interface MirrorDeps {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly locations: Pick<LocationsFeature, "append" | "appendCopy" | "publish" | "require">;
  readonly report: Report;
  /** What left the source long ago is forgotten only where it allows to destroy. */
  readonly clock: JudgedClock;
  readonly limits: UpstreamLimits;
}

export type MirrorErrorCode =
  | "mirror_exists"
  | "mirror_unknown"
  /** Another mirror feeds the location from the same index. */
  | "mirror_doubled"
  | "mirror_settings_invalid"
  | "mirror_source_shrank"
  | "mirror_overtaken"
  /** Nothing is lost that could be accepted. */
  | "mirror_loss_missing"
  /** Something else is lost than was shown. */
  | "mirror_loss_conflict";
