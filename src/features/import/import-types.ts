// The words of the import feature: a source, what it listed, what the feature needs, and how far it goes.

import { type ArchiveLimits, type ArchiveTools, DEFAULT_LIMITS } from "../../archive/archive-types.ts";
import type { ListingFormat } from "../../archive/listing/listing-types.ts";
import { type Clock, DAY, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import { MAX_AGE_SECONDS } from "../../core/validate-key.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { Trace } from "../../platform/observe/trace.ts";
import type { SaveOutcome } from "../exposures/exposure-types.ts";
import type { SaveSettings } from "../exposures/save-context.ts";
import type { ArchiveProgress, ArchiveState } from "./state-machine.ts";

/** Another server's second location, and what its keys become here. */
export interface ImportSource {
  readonly id: number;
  readonly name: string;
  readonly listingFormat: ListingFormat;
  readonly indexUrl: string;
  /** Archives are fetched below it and nowhere else. */
  readonly baseUrl: string;
  /** Upper-case; every key of the source gets it. */
  readonly region: string;
  readonly traveler: boolean;
  /** What the header of an archive may say; upper-case. */
  readonly headerRegions: readonly string[];
  /** Zip entries allowed beside the two of the format. */
  readonly otherEntries: readonly string[];
  readonly allowPrivateAddresses: boolean;
  readonly from: UnixSeconds;
  /** Nothing is discovered any more from this instant on; what is discovered is still imported. */
  readonly until: UnixSeconds | null;
}

export interface ListedArchive {
  readonly id: number;
  readonly sourceId: number;
  readonly line: string;
  readonly discoveredAt: UnixSeconds;
  readonly progress: ArchiveProgress;
  /** Of the content that was seen last; null before. */
  readonly digest: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface LeasedArchive extends ListedArchive {
  /** How it stood before the lease. */
  readonly before: ArchiveProgress;
}

/** An archive that is not complete, as an operator sees it. */
export interface UnfinishedArchive {
  readonly line: string;
  readonly state: ArchiveState;
  /** The code of the last failure; null when there was none. */
  readonly reason: string | null;
  readonly attempts: number;
  readonly discoveredAt: UnixSeconds;
  readonly nextAttemptAt: UnixSeconds | null;
  readonly quarantinedAt: UnixSeconds | null;
}

/** The identity of what a URL answered, and how to ask whether it has changed. */
export interface SeenContent {
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly byteCount: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** `duplicate`: keys of an archive whose very bytes were imported under another name. */
export type ImportOutcome = SaveOutcome | "duplicate";

/** Where the keys of one archive went: keyCount = savedCount + refusedCount, each the sum of its record. */
export interface ImportCounts {
  readonly keyCount: number;
  readonly savedCount: number;
  readonly refusedCount: number;
  readonly outcomes: Readonly<Partial<Record<ImportOutcome, number>>>;
  readonly refusals: Readonly<Partial<Record<KeyRefusal, number>>>;
}

export type ImportErrorCode =
  /** The name or the values of a new source cannot be used. */
  | "source_exists"
  | "source_invalid"
  | "source_unknown"
  | "trusted_key_unknown"
  /** 404 or 410. */
  | "archive_missing"
  /** 401 or 403. */
  | "archive_forbidden"
  /** 429 or 5xx. */
  | "archive_unavailable"
  /** Any other status besides 200, or a line that cannot be used any more. */
  | "archive_unobtainable"
  | "archive_html"
  | "archive_region_not_allowed"
  | "archive_too_many_keys";

export interface ImportSettings {
  readonly discoverEverySeconds: number;
  readonly importEverySeconds: number;
  readonly indexMaxBytes: number;
  readonly indexMaxLines: number;
  /** INDEX_FILE_DOWNLOAD_TIMEOUT (KS 7.2). */
  readonly indexTimeoutMilliseconds: number;
  /** EXPORT_FILE_DOWNLOAD_TIMEOUT (KS 7.4). */
  readonly archiveTimeoutMilliseconds: number;
  readonly archiveLimits: ArchiveLimits;
  readonly archiveMaxKeys: number;
  /** Longer than an archive takes to fetch, verify and save. */
  readonly leaseSeconds: number;
  /** How old a key may be when its archive is discovered. */
  readonly maxAgeSeconds: number;
  /** Settled archives are looked at again after this time, so many in one run. */
  readonly recheckSeconds: number;
  readonly recheckPerRun: number;
  /** After this time a run begins no further archive, so that other sources get their turn. */
  readonly runSeconds: number;
  /** With so many archives waiting a source gets no further ones from its index; they are taken up later. */
  readonly maxUnfinished: number;
  /** Settled archives that are listed no more are forgotten after this time. */
  readonly forgetSeconds: number;
}

export const DEFAULT_SETTINGS: ImportSettings = {
  discoverEverySeconds: 15 * MINUTE,
  importEverySeconds: 15 * MINUTE,
  indexMaxBytes: 1024 * 1024,
  indexMaxLines: 20_000,
  indexTimeoutMilliseconds: 30_000,
  archiveTimeoutMilliseconds: 120_000,
  archiveLimits: DEFAULT_LIMITS,
  archiveMaxKeys: 1_000_000,
  leaseSeconds: 15 * MINUTE,
  maxAgeSeconds: MAX_AGE_SECONDS,
  recheckSeconds: DAY,
  recheckPerRun: 50,
  runSeconds: 10 * MINUTE,
  maxUnfinished: 5_000,
  forgetSeconds: 60 * DAY,
};

export interface ImportDeps {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly clock: Clock;
  readonly report: Report;
  /** Around each archive. */
  readonly trace?: Trace;
  /** How saved keys are released. */
  readonly exposures: SaveSettings;
  readonly settings: ImportSettings;
}
