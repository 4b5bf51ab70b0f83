// One archive as its origin held it, read by the code of phones rather than by that of servers.

import type { SignatureInfo } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";

export interface ObservedArchive {
  /** The line that names it: its path below the tree's base. */
  readonly line: string;
  readonly putAt: UnixSeconds;
  /** Of the last of its deletions; null: it stands. A name that is put again is another archive. */
  readonly deletedAt: UnixSeconds | null;
  readonly sha256Hex: string;
  /** null: no phone could read it. */
  readonly content: ArchiveContent | null;
}

export interface ArchiveContent {
  readonly start: bigint;
  readonly end: bigint;
  readonly region: string;
  readonly batchNum: number | null;
  readonly batchSize: number | null;
  /** In export.bin. */
  readonly infos: readonly SignatureInfo[];
  /** In export.sig. */
  readonly signatures: readonly SignatureInfo[];
  /** Records in hex, as in `KeyState.recordHex`. */
  readonly primaries: readonly string[];
  readonly revised: readonly string[];
}
