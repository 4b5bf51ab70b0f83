// The words of the import feature: a source, what it listed, what the feature needs, and how far it goes.

import type { ArchiveTools } from "../../archive/archive-types.ts";
import { type Clock, DAY, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import { MAX_AGE_SECONDS } from "../../core/validate-key.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { Trace } from "../../platform/observe/trace.ts";
import type { SaveOutcome } from "../exposures/exposure-types.ts";
import type { SaveSettings } from "../exposures/save-context.ts";
import {
  DEFAULT_UPSTREAM_LIMITS,
  type FetchDeps,
  type Supplier,
  type Upstream,
  type UpstreamLimits,
} from "../upstreams/upstream-types.ts";
import type { ArchiveProgress, ArchiveState } from "./state-machine.ts";

/** A server whose archives are imported, and what its keys become here. */
export interface ImportSource extends Upstream {
  readonly id: number;
  readonly name: string;
  /** Owns its keys, and whatever its other listings bring. */
  readonly supplier: Supplier;
  /** Upper-case; every key of the source gets it. */
  readonly region: string;
  readonly traveler: boolean;
  /** What the header of an archive may say; upper-case. */
  readonly headerRegions: readonly string[];
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
  "source_exists" | "source_invalid" | "source_unknown" | "archive_region_not_allowed";

export interface ImportSettings extends UpstreamLimits {
  readonly discoverEverySeconds: number;
  readonly importEverySeconds: number;
  /** Most keys of one archive that are saved in one transaction: of the default about a quarter of a second. */
  readonly portionKeys: number;
  /** IMPORT_LOCK_TIME (KS 11.5). Longer than an archive takes to fetch, verify and save. */
  readonly leaseSeconds: number;
  /** How old a key may be when its archive is discovered. */
  readonly maxAgeSeconds: number;
  /** Settled archives are looked at again after this time, so many in one run. */
  readonly recheckSeconds: number;
  readonly recheckPerRun: number;
  /** MAX_RUNTIME (KS 11.5). After this time a run begins no further archive, so that other sources get their turn. */
  readonly runSeconds: number;
  /** With so many archives waiting a source gets no further ones from its index; they are taken up later. */
  readonly maxUnfinished: number;
  /** Settled archives that are listed no more are forgotten after this time. */
  readonly forgetSeconds: number;
}

export const DEFAULT_SETTINGS: ImportSettings = {
  ...DEFAULT_UPSTREAM_LIMITS,
  discoverEverySeconds: 15 * MINUTE,
  importEverySeconds: 15 * MINUTE,
  portionKeys: 50_000,
  leaseSeconds: 13 * MINUTE,
  maxAgeSeconds: MAX_AGE_SECONDS,
  recheckSeconds: DAY,
  recheckPerRun: 50,
  runSeconds: 12 * MINUTE,
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

/** What of it fetches and opens. */
export function fetchDeps({
  fetcher,
  archiveTools,
  settings,
}: Pick<ImportDeps, "fetcher" | "archiveTools" | "settings">): FetchDeps {
  return { fetcher, archiveTools, limits: settings };
}
