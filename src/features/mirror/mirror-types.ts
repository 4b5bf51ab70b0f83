// The words of the mirror feature: which server's archives feed which location, and how.

import { type ArchiveLimits, type ArchiveTools, DEFAULT_LIMITS } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { LocationsFeature } from "../locations/feature.ts";

export interface MirrorSettings {
  readonly name: string;
  /** The location that is fed. */
  readonly location: string;
  /** `copy`: archives as they are. `reseal`: rebuilt under the location's seal, without what is published there. */
  readonly method: "copy" | "reseal";
  readonly indexUrl: string;
  readonly baseUrl: string;
  /** Written into resealed archives. */
  readonly region: string;
  /** Most keys in one archive of the compacted history. */
  readonly maxRecords: number;
  readonly allowPrivateAddresses: boolean;
  /** From when on the mirror feeds the location: the content switch. */
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

export interface Mirror extends MirrorSettings {
  readonly id: number;
  readonly historyDoneAt: UnixSeconds | null;
  readonly nextPosition: number;
  readonly lastOkAt: UnixSeconds | null;
  readonly lastError: string | null;
}

export interface MirrorTrustedKey {
  readonly keyId: string;
  readonly keyVersion: string;
  readonly publicKeyPem: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

export interface StoredTrustedKey extends MirrorTrustedKey {
  readonly id: number;
}

/** What a mirror has handed over, of the lines that it still remembers. */
export interface MirrorTotals {
  /** Source archives that were handed over. */
  readonly taken: number;
  readonly passedBy: number;
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
  /** Why an operator let the mirror pass it by. */
  readonly passedBy?: string;
}

/** How far a source is waited for and believed (KS 11.5). */
export interface MirrorLimits {
  /** MAX_INDEX_BYTES. */
  readonly indexMaxBytes: number;
  /** MAX_ZIP_BYTES, and what follows from it. */
  readonly archiveLimits: ArchiveLimits;
  /** INDEX_FILE_DOWNLOAD_TIMEOUT. */
  readonly indexTimeoutMilliseconds: number;
  /** EXPORT_FILE_DOWNLOAD_TIMEOUT. */
  readonly archiveTimeoutMilliseconds: number;
}

export const DEFAULT_MIRROR_LIMITS: MirrorLimits = {
  indexMaxBytes: 1_048_576,
  archiveLimits: DEFAULT_LIMITS,
  indexTimeoutMilliseconds: 30_000,
  archiveTimeoutMilliseconds: 60_000,
};

export interface MirrorDeps {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly locations: Pick<LocationsFeature, "append" | "appendCopy" | "publish" | "require">;
  readonly report: Report;
  /** By default those of the reference server. */
  readonly limits?: MirrorLimits;
}

export type MirrorErrorCode =
  | "mirror_exists"
  | "mirror_unknown"
  | "mirror_settings_invalid"
  | "mirror_source_unavailable"
  | "mirror_source_shrank"
  | "mirror_line_unusable"
  | "mirror_overtaken"
  | "mirror_line_taken"
  | "trusted_key_unknown";
