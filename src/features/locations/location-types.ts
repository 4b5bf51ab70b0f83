// The words of the locations feature: a published tree, its seal, its archives, and what suppliers hand in.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import type { Db } from "../../platform/database/database.ts";

export interface Location {
  readonly id: number;
  readonly name: string;
  readonly indexObject: string;
  readonly basePrefix: string;
  readonly linePrefix: string;
  readonly retentionSeconds: number;
  readonly graceSeconds: number;
  /** False until the first archive of ours, or until an existing tree was adopted. */
  readonly ours: boolean;
  readonly revision: number;
  readonly nextSeq: number;
  readonly lastEndAt: UnixSeconds;
}

/** The signing key under which a location's archives are published, for its time. */
export interface Seal {
  /** Name in SigningKeys; null where others sign and the location only carries. */
  readonly signingKey: string | null;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly publicKeyPem: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
}

/** What is hardly ever meant with a seal. */
export const SEAL_DOUBTS = ["swapped-name", "same-again", "years-ahead", "foreign-key"] as const;
export type SealDoubtName = (typeof SEAL_DOUBTS)[number];

/** What publishes at a location. */
export interface Feeder {
  readonly kind: "export" | "mirror";
  readonly name: string;
  /** Whether it needs a signing key of this server; a mirror that copies must not have one. */
  readonly signs: boolean;
}

export interface LocationArchive {
  readonly seq: number;
  readonly line: string;
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly expiresAt: UnixSeconds;
  readonly expiredAt: UnixSeconds | null;
  readonly unlistedAt: UnixSeconds | null;
  readonly deletedAt: UnixSeconds | null;
}

/** Content that a supplier (an export, a mirror) wants published. */
export interface Supply {
  /** "export:main", "mirror:national". */
  readonly supplier: string;
  readonly region: string;
  /** The window it covers; the location moves it behind what it has published (DB I10, I13). */
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /**
   * Keys to add to what remains after the filter; called at most once for each attempt, not at all when nothing remains.
   */
  readonly pad?: (remaining: RemainingContent) => KeyBatch;
}

/** What is left of a supply once the keys already published at the location are taken out. */
export interface RemainingContent {
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /** How many keys were left out, because they stand here already with the same report type, or a later one. */
  readonly leftOut: number;
  /** How many primaries became revised keys, because they stand here already with another report type. */
  readonly turnedRevised: number;
}

export interface AppendOutcome {
  readonly remaining: RemainingContent;
  /** What `pad` added. */
  readonly padding: KeyBatch;
  /** null when nothing remained: no archive was made. */
  readonly archive: { readonly line: string; readonly seq: number; readonly digest: string } | null;
}

/** Writes the supplier's own record in the transaction that commits the archive; may reject to call everything off. */
export type CommitSupply = (tx: Db, outcome: AppendOutcome) => Promise<void>;

export type LocationErrorCode =
  | "location_exists"
  | "location_unknown"
  | "location_settings_invalid"
  | "location_no_seal"
  | "location_seal_invalid"
  | "location_seal_doubtful"
  | "location_seal_foreign"
  | "location_not_adopted"
  | "location_adoption_failed"
  /** No index is at the location, or an empty one. */
  | "location_nothing_to_adopt"
  /** The index is written here already. */
  | "location_adopted_already"
  /** Another program changed the index while the difference was looked at. */
  | "location_index_changed"
  /** An archive that our index would list is not there. */
  | "location_archive_missing"
  | "location_fence_broken"
  | "location_contended";
