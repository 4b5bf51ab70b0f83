// Locations and archives as operators see them.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Location, LocationArchive, Seal } from "./location-types.ts";

export interface ArchiveOverview extends LocationArchive {
  readonly region: string;
  readonly primaries: number;
  readonly revised: number;
  readonly byteCount: number;
  readonly digest: string;
  readonly supplier: string;
  readonly appendedAt: UnixSeconds;
}

export interface LocationFailure {
  readonly at: UnixSeconds;
  readonly code: string;
  readonly message: string;
}

export interface LocationOverview extends Omit<Location, "revision" | "nextSeq"> {
  readonly listedArchives: number;
  readonly lastArchive: ArchiveOverview | null;
  /** When the index was last found, or made, as it should be. */
  readonly indexCheckedAt: UnixSeconds | null;
  /** When the oldest line leaves; null while there is none that another may follow. */
  readonly headExpiresAt: UnixSeconds | null;
  /** When the oldest archive that left the index could be deleted; null while none waits for it. */
  readonly deletionDueAt: UnixSeconds | null;
  /** Of the last attempt to publish; null when it succeeded. */
  readonly lastFailure: LocationFailure | null;
}

/** A seal that names a signing key of ours. */
export interface SealUse extends Pick<Seal, "keyId" | "keyVersion" | "from" | "until"> {
  readonly signingKey: string;
  readonly location: string;
}
