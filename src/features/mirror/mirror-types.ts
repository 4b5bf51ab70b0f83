// The words of the mirror feature: which server's archives feed which location, and how.

import type { ArchiveTools } from "../../archive/archive-types.ts";
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

export interface MirrorDeps {
  readonly database: Database;
  readonly fetcher: Fetcher;
  readonly archiveTools: ArchiveTools;
  readonly locations: Pick<LocationsFeature, "append" | "appendCopy" | "publish">;
  readonly report: Report;
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
