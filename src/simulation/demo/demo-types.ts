// What a demo is asked to do, what it tells while it runs, and what it reports in the end.

import type { UnixSeconds } from "../../core/clock.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import type { ObservedPhone } from "../observe/observed.ts";
import type { UploadTotals } from "../people/uploading-phone.ts";
import type { OwnLoss } from "./judge-phone.ts";
import type { Verdict } from "./judge-world.ts";
import type { FleetPlan } from "./phone-fleet.ts";
import type { Switch, WorldOptions } from "./world.ts";

export interface DemoOptions extends Pick<WorldOptions, "network"> {
  readonly seed: number;
  readonly switchedOff: Switch | null;
  readonly narrator: Narrator;
  /** Who follows; the whole population if not given. */
  readonly fleet?: readonly FleetPlan[];
  /** Sees each phone, and the keys that were generated, as it is judged. */
  readonly onClosing?: (phone: ObservedPhone, generated: ReadonlySet<string>) => void;
  /** Gets both servers' stores in the end: published trees, each below its location's name. */
  readonly onTrees?: (stores: readonly BlobStore[]) => Promise<void>;
}

/** Hears what happens; a terminal shows it. */
export interface Narrator {
  /** What happens from now on. */
  stage(title: string): void;
  progress(progress: Progress): void;
  event(now: UnixSeconds, text: string): void;
}

export interface Progress {
  /** 0 to 1 of the whole demo. */
  readonly fraction: number;
  readonly now: UnixSeconds;
  /** That were entered so far. */
  readonly keys: number;
  /** That phones have made so far. */
  readonly checks: number;
}

/** One line of the table of keys. */
export interface KeyRow {
  readonly what: string;
  /** As primaries. */
  readonly keys: number;
  readonly revised: number | null;
  readonly note: string;
}

/** What became of the other server's archives. */
export interface ImportedRow {
  readonly archives: number;
  readonly refusedArchives: number;
  /** Saved, new or not. */
  readonly keys: number;
  /** By the reason for which the import left them out. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** What phones add up to. */
export interface PhoneCounts {
  readonly checks: number;
  readonly checksOk: number;
  readonly held: number;
  readonly heldGenerated: number;
  readonly expected: number;
  readonly lost: number;
  readonly altered: number;
  readonly unexpected: number;
  readonly repeatedPrimaries: number;
  readonly late: number;
  readonly refusedArchives: number;
  /** Not there by the phones' own fault. */
  readonly lacking: number;
}

export interface PhoneRow extends PhoneCounts {
  readonly name: string;
  readonly kind: string;
  readonly follows: string;
  readonly lackingBecause: readonly OwnLoss[];
  /** Keys whose revision came in one call with their original, which no phone applies (DB 4.1). */
  readonly unrevised: number;
  readonly longestGapSeconds: number;
  readonly longestWaySeconds: number;
  /** The first twenty of each kind of trouble: its name, and the key data in hex or the archive. */
  readonly troubles: readonly string[];
}

/** One line of the table of phones. */
export interface KindRow extends PhoneCounts {
  readonly kind: string;
  readonly phones: number;
  /** Of any of them. */
  readonly lackingBecause: readonly OwnLoss[];
}

export interface DemoReport {
  readonly demo: "migration" | "archives";
  readonly seed: number;
  readonly switchedOff: Switch | null;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly uploads: Readonly<UploadTotals>;
  readonly keys: readonly KeyRow[];
  /** Keys that were entered and not revoked, which phones have to get. */
  readonly keysDue: number;
  readonly imported: ImportedRow;
  readonly archivesRefusedByImport: readonly { readonly line: string; readonly reason: string }[];
  readonly phones: readonly PhoneRow[];
  readonly kinds: readonly KindRow[];
  /** Requests of phones that the CDN's nodes answered by themselves, and those that reached a server. */
  readonly cdn: { readonly nodes: number; readonly hits: number; readonly misses: number };
  readonly verdicts: readonly Verdict[];
  readonly good: boolean;
}
