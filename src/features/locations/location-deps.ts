// What the locations feature needs from outside.

import type { ArchiveTools } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { Database } from "../../platform/database/database.ts";
import type { SigningKeys } from "../../platform/keys/signing-keys.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import type { ContentFilter } from "./filter-content.ts";
import type { Feeder } from "./location-types.ts";

export interface LocationDeps {
  readonly database: Database;
  /** Holds the published trees; nobody else writes there. */
  readonly blobs: BlobStore;
  readonly signingKeys: SigningKeys;
  readonly archiveTools: ArchiveTools;
  readonly filter: ContentFilter;
  readonly report: Report;
  /** What publishes at a location, at an instant; nothing where the server has no exports and mirrors. */
  readonly readFeeders?: (database: Database, location: string, at: UnixSeconds) => Promise<readonly Feeder[]>;
  /** Lines leave an index only where it allows to destroy. */
  readonly clock: Pick<JudgedClock, "now" | "trust">;
  /** Of new locations that do not say otherwise; 14 days unless given. */
  readonly retentionSeconds?: number;
  /** Ten days unless given; for simulations of short lives, and in the reach of no operator. */
  readonly leastRetentionSeconds?: number;
}
