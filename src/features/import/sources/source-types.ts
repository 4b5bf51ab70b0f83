// What is stored about a source besides its settings: its last index check and whom we trust there.

import type { LineRefusal } from "../../../archive/listing/resolve-line.ts";
import type { UnixSeconds } from "../../../core/clock.ts";

export type CheckOutcome = "listed" | "unchanged" | "suspicious" | "failed";

export interface RefusedLine {
  readonly line: string;
  readonly reason: LineRefusal;
}

export interface IndexCheck {
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

export interface StoredTrustedKey {
  readonly id: number;
  readonly keyId: string;
  readonly keyVersion: string;
  readonly publicKeyPem: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds | null;
  /** Or since when it is trusted longer. */
  readonly addedAt: UnixSeconds;
}
