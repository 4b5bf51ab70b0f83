// The words of following an index: what is followed, what is remembered, what comes out.

import type { ArchiveLimits, ArchiveProfile, VerifiedArchive } from "../archive/archive-types.ts";
import type { ListingFormat } from "../archive/listing/listing-reader.ts";
import type { ExchangeErrorCode } from "./exchange.ts";

/** A public key of a server whose archives are believed. */
export interface ServerPublicKey {
  /** The names that its signatures carry. */
  readonly keyId: string;
  readonly keyVersion: string;
  /** SubjectPublicKeyInfo on P-256. */
  readonly publicKeyPem: string;
}

export interface VerifyOptions {
  /** Trusted at any time; leave out what is not trusted any more. */
  readonly publicKeys: readonly ServerPublicKey[];
  /** What differs from 32 MiB a zip, 64 MiB of content and a million keys. */
  readonly archiveLimits?: Partial<ArchiveLimits>;
  /** Other entries that the server puts into its zips; by default none. */
  readonly archiveProfile?: ArchiveProfile;
}

export interface FollowerOptions extends VerifyOptions {
  readonly indexUrl: string;
  /** What the lines of the index are relative to. */
  readonly baseUrl: string;
  /** How the index is written (text-index). */
  readonly listingFormat?: ListingFormat;
  readonly fetch?: typeof fetch;
  /** For each download (60,000). */
  readonly timeoutMilliseconds?: number;
  /** (1 MiB) */
  readonly maxIndexBytes?: number;
}

/** Plain data that survives JSON, about as large as an index. */
export interface FollowMemory {
  /** Of the archives that were handed over, in that order; the last is the newest. */
  readonly lines: readonly string[];
}

/** What one line of the index led to. */
export type Followed =
  /** Keep `memory` once you have dealt with the archive: it will not be downloaded again. */
  | {
      readonly outcome: "archive";
      readonly line: string;
      readonly archive: VerifiedArchive;
      readonly memory: FollowMemory;
    }
  /** Nothing in it is believed; it is tried again the next time. `code` is documented in docs/errors.md. */
  | { readonly outcome: "refused"; readonly line: string; readonly code: string; readonly message: string };

/** Why a download failed. */
export type DownloadErrorCode =
  | ExchangeErrorCode
  | "index_missing"
  | "index_unavailable"
  | "archive_missing"
  | "archive_forbidden"
  | "archive_unavailable"
  | "archive_unobtainable";
