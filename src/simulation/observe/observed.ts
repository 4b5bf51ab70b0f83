// What was seen of a world from outside: trees as their origin held them, phones as they checked, what people entered.
//
// The invariants know nothing else, so that they judge any server alike: ours, a double of another, or a real one.

import type { UnixSeconds } from "../../core/clock.ts";
import type { CheckResult } from "../../device/check-result.ts";
import type { PhoneLocation } from "../../device/follower.ts";
import type { HeldKey } from "../../device/list-held-keys.ts";
import type { CosignSet } from "../../device/verifier.ts";
import type { ObservedArchive } from "./observed-archive.ts";
import type { WorldEvent } from "./world-event.ts";

export interface Observed {
  readonly startsAt: UnixSeconds;
  readonly endsAt: UnixSeconds;
  readonly trees: readonly ObservedTree[];
  readonly phones: readonly ObservedPhone[];
  /** In the order in which they were entered. */
  readonly keys: readonly KnownPersonKey[];
  /** Keys that servers made up as padding, in hex. */
  readonly generated: ReadonlySet<string>;
  /** Those of them that a server has forgotten in a disaster. */
  readonly forgotten?: ReadonlySet<string>;
  /** In order of time. */
  readonly events: readonly WorldEvent[];
  readonly limits: ObservedLimits;
}

/** What the world promised; every span in seconds. */
export interface ObservedLimits {
  /** How long a cache may go on serving an index after the origin replaced it, propagation between nodes included. */
  readonly indexCacheSeconds: number;
  /** From when a key may be exported until an index must list it, faults of the world included. */
  readonly listedWithinSeconds: number;
  /** From when a key may be exported until a phone that polls must hold it; its own polling period comes on top. */
  readonly heldWithinSeconds: number;
  /** By how much the clock of a server was wrong at worst; not given: it was right. */
  readonly clockErrorSeconds?: number;
}

/** A published tree. */
export interface ObservedTree {
  readonly name: string;
  readonly indexUrl: string;
  readonly baseUrl: string;
  /** `client`: phones of the state follow it; `second`: only importers do; `national`: phones of other regions do. */
  readonly role: "client" | "second" | "national";
  /** How long a line has to stay listed. */
  readonly retentionSeconds: number;
  /** The least number of keys that its archives promise to hold, padding included. */
  readonly minRecords: number;
  /** Whose keys must be listed, by the place where they were entered, and from when on; its own exporter's first. */
  readonly carries: readonly Carried[];
  /** Trees whose archives it repeats, by name. */
  readonly mirrors: readonly string[];
  /** Every state of the index object in order, as the origin held it. */
  readonly indexes: readonly IndexState[];
  /** Every archive that was ever put, in order. */
  readonly archives: readonly ObservedArchive[];
}

export interface Carried {
  readonly place: string;
  /** Keys that were entered before count as well, as far as they are younger than the retention. */
  readonly from: UnixSeconds;
}

export interface IndexState {
  readonly at: UnixSeconds;
  /** null: the object was deleted. */
  readonly body: Uint8Array | null;
  /** For how long its headers let caches serve it without asking again. */
  readonly cacheSeconds: number;
}

export interface KnownPersonKey {
  readonly keyHex: string;
  /** "state", "nation", or another place. */
  readonly place: string;
  readonly enteredAt: UnixSeconds;
  /** From when on it may be exported. */
  readonly releasedAt: UnixSeconds;
  /** The first as it was entered, then its revisions. */
  readonly states: readonly KeyState[];
  /** A fault of the world may have destroyed it before it was exported: it may come or not. */
  readonly excused: boolean;
}

export interface KeyState {
  readonly at: UnixSeconds;
  /** The KeyBatch record in hex: key and all values. */
  readonly recordHex: string;
  readonly revoked: boolean;
}

export interface ObservedPhone {
  readonly name: string;
  /** Of the catalogue of kinds in `device/`. */
  readonly kind: string;
  /** What it follows, from when on; the first entry begins with the phone. */
  readonly follows: readonly Followed[];
  readonly trustedKeys: readonly CosignSet[];
  readonly pollSeconds: number;
  /** When it was switched off, or could reach nobody. */
  readonly away: readonly { readonly from: UnixSeconds; readonly until: UnixSeconds }[];
  /** Whose keys it must have in the end, by place, and since when that way is open. */
  readonly expects: readonly Carried[];
  readonly checks: readonly ObservedCheck[];
  /** In the end. */
  readonly held: readonly HeldKey[];
  readonly callsPerDay: number | null;
}

export interface Followed extends PhoneLocation {
  readonly from: UnixSeconds;
  readonly roaming: readonly PhoneLocation[];
}

export interface ObservedCheck {
  readonly result: CheckResult;
  /** What the follower remembers after the check. */
  readonly memory: unknown;
  /** The phone's own network failed in it: what did not come, or was refused, is not the servers' doing. */
  readonly disturbed?: true;
}
