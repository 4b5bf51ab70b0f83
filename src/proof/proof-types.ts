// The words of a proof: public trees, what was read of them, and what is handed in from outside.

import type { ArchiveLimits, ArchiveProfile, TrustedKey } from "../archive/archive-types.ts";
import type { ListingFormat } from "../archive/listing/listing-reader.ts";
import type { FetchedListing } from "../archive/listing/listing-types.ts";
import type { UnixSeconds } from "../core/clock.ts";

/** A published tree, as everybody can fetch it. */
export interface PublicTree {
  readonly name: string;
  readonly listingFormat: ListingFormat;
  readonly indexUrl: string;
  /** Archives are fetched below it and nowhere else. */
  readonly baseUrl: string;
  readonly trustedKeys: readonly TrustedKey[];
  readonly profile: ArchiveProfile;
}

/** Files that live as long as one proof. A name that nothing was appended to reads as empty. */
export interface TemporaryFiles {
  append(name: string, bytes: Uint8Array): Promise<void>;
  read(name: string): Promise<Uint8Array>;
}

export interface ProofLimits {
  readonly maxIndexBytes: number;
  readonly maxIndexLines: number;
  readonly archiveLimits: ArchiveLimits;
}

/** Something that could not be read. */
export interface ProofProblem {
  /** Line of the index; null: the index itself. */
  readonly line: string | null;
  readonly code: string;
  readonly message: string;
}

export interface KeyName {
  readonly keyId: string;
  readonly keyVersion: string;
}

/** An index as it came. */
export interface PublicIndex extends FetchedListing {
  /** How long caches may keep it; null where the server does not say. */
  readonly maxAgeSeconds: number | null;
  /** The server's own time; null where it does not say. */
  readonly servedAt: UnixSeconds | null;
}

/** An archive that was read, in the order of its index. */
export interface ArchiveFacts {
  readonly tree: string;
  readonly line: string;
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly region: string;
  /** Of the trusted keys, the one whose signature verified. */
  readonly signedBy: KeyName;
  /** Keys in it, primary and revised. */
  readonly keys: number;
}

/** What was read of a tree. */
export interface TreeReading {
  readonly name: string;
  readonly indexUrl: string;
  readonly baseUrl: string;
  /** SHA-256 of the index as it came, lower-case hex; null where none came. */
  readonly indexDigest: string | null;
  readonly indexMaxAgeSeconds: number | null;
  readonly indexServedAt: UnixSeconds | null;
  readonly lines: number;
  readonly archivesRead: number;
  readonly keys: number;
  /** Keys that no phone takes; they are not compared. */
  readonly refusedKeys: number;
  readonly newestEnd: UnixSeconds | null;
  readonly problems: readonly ProofProblem[];
}
