// The words of a server that we follow: where it lists archives, how far it is waited for and believed, whom we trust.

import {
  type ArchiveLimits,
  type ArchiveTools,
  DEFAULT_LIMITS,
  type SourceProfile,
} from "../../archive/archive-types.ts";
import type { ListingFormat } from "../../archive/listing/listing-reader.ts";
import type { LineRefusal } from "../../archive/listing/resolve-line.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { LifeFacts } from "./life.ts";

/** What an operator says of a server that is followed. */
export interface UpstreamSettings extends SourceProfile {
  readonly listingFormat: ListingFormat;
  readonly indexUrl: string;
  /** Archives are fetched below it and nowhere else. */
  readonly baseUrl: string;
  readonly allowPrivateAddresses: boolean;
  readonly from: UnixSeconds;
  /** From this instant on it ends: once everything is settled that it listed by then. null: no end. */
  readonly until: UnixSeconds | null;
}

/** The server of an organisation, which may have several listings; keys and trust belong to it. */
export interface Supplier {
  readonly id: number;
  readonly name: string;
  /** Suppliers that have become one with it; what is stored may name them. */
  readonly formerIds: readonly number[];
}

/** A listing that is followed, by a source or by a mirror. */
export interface Upstream extends UpstreamSettings, LifeFacts {
  readonly upstreamId: number;
  /** null: a mirror's that shares no trust. */
  readonly supplier: Supplier | null;
  /** Why an operator ended it with something left; null: nothing was left, or it has not ended. */
  readonly givenUp: string | null;
}

export interface TrustedKeyFacts {
  readonly keyId: string;
  readonly keyVersion: string;
  /** SubjectPublicKeyInfo on P-256. */
  readonly publicKeyPem: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

export interface StoredTrustedKey extends TrustedKeyFacts {
  readonly id: number;
  /** Or since when it is trusted longer. */
  readonly addedAt: UnixSeconds;
}

export type CheckOutcome = "listed" | "unchanged" | "suspicious" | "failed";

export interface RefusedLine {
  readonly line: string;
  readonly reason: LineRefusal;
}

/** How the last look at a listing went. */
export interface ListingCheck {
  readonly checkCount: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly checkedAt: UnixSeconds | null;
  readonly outcome: CheckOutcome | null;
  /** Why it failed or what was suspicious. */
  readonly code: string | null;
  /** The last check that did not fail. */
  readonly reachedAt: UnixSeconds | null;
  readonly suspiciousCount: number;
  readonly suspiciousAt: UnixSeconds | null;
  /** Of the last listing that could be read; the first of them. */
  readonly refusedLines: readonly RefusedLine[];
  readonly refusedLineCount: number;
}

/** The identity of what a URL answered, and how to ask whether it has changed. */
export interface SeenContent {
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly byteCount: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** How far a server is waited for and believed (KS 11.5). */
export interface UpstreamLimits {
  /** MAX_INDEX_BYTES. */
  readonly indexMaxBytes: number;
  readonly indexMaxLines: number;
  /** INDEX_FILE_DOWNLOAD_TIMEOUT (KS 7.2). */
  readonly indexTimeoutMilliseconds: number;
  /** EXPORT_FILE_DOWNLOAD_TIMEOUT (KS 7.4). */
  readonly archiveTimeoutMilliseconds: number;
  /** MAX_ZIP_BYTES, and what follows from it. */
  readonly archiveLimits: ArchiveLimits;
}

export const DEFAULT_UPSTREAM_LIMITS: UpstreamLimits = {
  indexMaxBytes: 1024 * 1024,
  indexMaxLines: 20_000,
  indexTimeoutMilliseconds: 30_000,
  archiveTimeoutMilliseconds: 120_000,
  archiveLimits: DEFAULT_LIMITS,
};

export interface FetchDeps {
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly limits: UpstreamLimits;
}

export type UpstreamErrorCode =
  /** It is not ending, so nothing can be given up. */
  | "upstream_not_ending"
  /** It has ended, so nothing of it is taken up again. */
  | "upstream_ended"
  /** It follows its server and has taken something, so it cannot be removed. */
  | "upstream_not_ended"
  /** A worker is at one of its archives, so it cannot be removed now. */
  | "upstream_busy"
  /** The other server does not list it. */
  | "upstream_line_unknown"
  | "upstream_line_taken"
  | "upstream_line_skipped"
  | "upstream_line_not_skipped"
  | "trusted_key_unknown"
  /** The same public key is trusted there already, under the same id and version. */
  | "trusted_key_exists"
  | "supplier_unknown"
  /** It would become one with itself. */
  | "supplier_same"
  /** 404 or 410. */
  | "archive_missing"
  /** 401 or 403. */
  | "archive_forbidden"
  /** 429 or 5xx. */
  | "archive_unavailable"
  /** Any other status besides 200, or a line that cannot be used. */
  | "archive_unobtainable"
  | "archive_html";
