// The words of the watch: what it is told of the server, what it sees of it, and what is wrong.

import type { ArchiveLimits, ArchiveTools } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { Fetcher } from "../../platform/http/fetcher.ts";
import type { Report } from "../../platform/observe/report.ts";

/** A published tree as the server has it. */
export interface WatchedTree {
  readonly location: string;
  readonly indexObject: string;
  readonly basePrefix: string;
  /** False while another program may still be the writer. */
  readonly isOurs: boolean;
  /** When the index was last found, or made, as it should be. */
  readonly indexCheckedAt: UnixSeconds | null;
  /** In the order of the index. */
  readonly archives: readonly WatchedArchive[];
  readonly seals: readonly WatchedSeal[];
}

export interface WatchedArchive {
  readonly line: string;
  /** Of its bytes, as they were published. */
  readonly digest: string;
  readonly appendedAt: UnixSeconds;
  /** From here on its line may be missing. */
  readonly expiredAt: UnixSeconds | null;
  readonly deletedAt: UnixSeconds | null;
}

export interface WatchedSeal {
  readonly signingKey: string | null;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly publicKeyPem: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

export interface WatchedSeals {
  readonly name: string;
  readonly seals: readonly WatchedSeal[];
}

export interface WatchedFilter {
  readonly includeRegions: readonly string[];
  readonly excludeRegions: readonly string[];
  readonly travelers: "region" | "also" | "never";
}

/** Which keys an export takes. */
export interface WatchedExport {
  readonly name: string;
  readonly location: string;
  readonly region: string;
  readonly filter: WatchedFilter;
  /** Filters that it had before, for keys released before their end, the oldest first. */
  readonly pastFilters: readonly { readonly filter: WatchedFilter; readonly until: UnixSeconds }[];
  /** Keys released from here on. */
  readonly start: UnixSeconds;
  /** Keys released before; null: no end. */
  readonly until: UnixSeconds | null;
  /** Keys released before were exported. */
  readonly exportedUntil: UnixSeconds | null;
  readonly endedAt: UnixSeconds | null;
  /** Stretches that are exported once more. */
  readonly stretches: readonly { readonly from: UnixSeconds; readonly thru: UnixSeconds; readonly isDone: boolean }[];
}

/** A source or a mirror. */
export interface WatchedUpstream {
  readonly kind: "source" | "mirror";
  readonly name: string;
  /** That a mirror feeds. */
  readonly location: string | null;
  readonly endedAt: UnixSeconds | null;
  /** Archives that it listed and that were not taken. */
  readonly waiting: number;
}

export interface WatchedFlow {
  readonly exports: readonly WatchedExport[];
  readonly upstreams: readonly WatchedUpstream[];
  readonly locations: readonly WatchedSeals[];
}

/** Accepted keys of the same regions that are released within one hour. */
export interface Release {
  readonly hour: UnixSeconds;
  readonly regions: readonly string[];
  readonly traveler: boolean;
  /** The first and the last instant at which one is released. */
  readonly first: UnixSeconds;
  readonly last: UnixSeconds;
  readonly keys: number;
}

export const LOOK_OUTCOMES = ["seen", "waiting", "unseen"] as const;
/** `waiting`: nothing is published. `unseen`: from here phones' way to it cannot be followed. */
export type LookResult = (typeof LOOK_OUTCOMES)[number];

export interface Look {
  readonly location: string;
  readonly lookedAt: UnixSeconds;
  readonly outcome: LookResult;
  /** Why nothing was seen. */
  readonly code: string | null;
  readonly since: UnixSeconds;
  readonly seenAt: UnixSeconds | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** The oldest published line that the index did not have, and since which look. */
  readonly behindLine: string | null;
  readonly behindSince: UnixSeconds | null;
}

/** A line of the index, and what its archive was like. */
export interface SeenLine {
  readonly line: string;
  /** Of the content that was verified; null: none was. */
  readonly digest: string | null;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly lookedAt: UnixSeconds | null;
  readonly code: string | null;
  readonly failedSince: UnixSeconds | null;
}

/** Why a look sees nothing besides the codes of a fetch. */
export type WatchErrorCode =
  /** The server does not know where phones find its trees. */
  | "watch_no_public_url"
  /** A cache, a proxy or the server answers with a status that says nothing of the tree. */
  | "watch_unavailable";

/** What is wrong, seen from phones. */
export type WatchSuspicion =
  /** Accepted keys that no running export takes. */
  | "watch_keys_unexported"
  | "watch_index_missing"
  | "watch_index_unreadable"
  /** A published line is missing for longer than caches and two periods explain. */
  | "watch_index_old"
  /** A published line is missing before one that is there. */
  | "watch_lines_vanished"
  /** Lines that this server never published. */
  | "watch_lines_unknown"
  | "watch_archive_missing"
  | "watch_archive_unverified"
  /** It verifies, and is not what was published under its name. */
  | "watch_archive_replaced"
  /** For three periods nothing could be seen. */
  | "watch_cannot_look"
  /** Everything that fed it has ended. */
  | "watch_location_unfed"
  /** A source or a mirror ended with archives that were not taken. */
  | "watch_lines_left"
  /** A seal in force names a signing key that this process does not have. */
  | "watch_signing_key_missing";

/** Something that is wrong with a part, and what to do. */
export interface Alarm {
  readonly kind: "location" | "exposures" | "source" | "mirror";
  readonly name: string;
  readonly reason: WatchSuspicion;
  readonly state: "late" | "broken";
  readonly detail: string;
  readonly remedy: string;
  /** Since when; when it is first noticed, where nothing tells. */
  readonly since: UnixSeconds;
}

export interface WatchDeps {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly report: Report;
  readonly settings: WatchSettings;
  /** Where phones find the trees; null: not known. */
  readonly publicUrl: () => string | null;
  /** All locations, by name, with their seals. */
  readonly readSeals: (db: Db) => Promise<readonly WatchedSeals[]>;
  /** null: there is none of this name. */
  readonly readTree: (db: Db, location: string) => Promise<WatchedTree | null>;
  readonly readFlow: (db: Db, now: UnixSeconds) => Promise<WatchedFlow>;
  /** Keys that were uploaded or imported, released from `from` on; those revised from then on count too. */
  readonly countReleases: (db: Db, from: UnixSeconds) => Promise<readonly Release[]>;
  /** The signing keys that this process has; null: it signs nothing. */
  readonly listSigningKeys: () => Promise<readonly string[] | null>;
}

export interface WatchSettings {
  readonly indexMaxBytes: number;
  readonly indexMaxLines: number;
  readonly indexTimeoutMilliseconds: number;
  readonly archiveTimeoutMilliseconds: number;
  readonly archiveLimits: ArchiveLimits;
  readonly truncateWindowSeconds: number;
}
