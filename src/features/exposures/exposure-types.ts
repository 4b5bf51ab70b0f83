// The words of the exposures feature: where a key comes from, what became of it, which keys an export wants.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import type { KeyRight } from "../../core/merge-key.ts";

/** Where keys come from, which decides who may change them later (decision 0017). */
export type KeyOrigin =
  /** `supplierId`: a token of that supplier names the keys, so they count as its own. */
  | { readonly kind: "upload"; readonly supplierId?: number }
  | {
      readonly kind: "import" | "federation";
      readonly supplierId: number;
      /** Suppliers that have become one with it, whose keys are its own. */
      readonly formerIds?: readonly number[];
    }
  /** Made up by this server on request: exported like any other, and neither an upload nor padding. */
  | { readonly kind: "test" };

/** What became of one key; the position is the code in `SaveResult`. */
export const SAVE_OUTCOMES = [
  "inserted",
  "revised",
  /** Stored already with these values, or with later ones: an identical retry, or an echo of our own export. */
  "unchanged",
  /** A revision whose original is not there yet; applied when that arrives. */
  "awaiting",
  "other_source",
  "already_revised",
  "transition_not_allowed",
  "interval_mismatch",
  /** Stored already, by somebody else: from now on the supplier owns it as well. */
  "claimed",
] as const;
export type SaveOutcome = (typeof SAVE_OUTCOMES)[number];

export interface SaveRequest {
  readonly origin: KeyOrigin;
  /** Upper-case; every key of the request gets all of them. */
  readonly regions: readonly string[];
  readonly traveler: boolean;
  readonly now: UnixSeconds;
  readonly primaries: KeyBatch;
  /** Changes of keys that are stored, or will be. */
  readonly revised: KeyBatch;
  /** Uploads only: the right that the revision token gives to a stored key, by key data in hex. Absent: none. */
  readonly rightTo?: (keyHex: string) => KeyRight;
  /**
   * Suppliers only: when a key, by key data in hex, can have been published at the supplier at the earliest. Who comes
   * with it after it was published here may only repeat it. Absent: before it was published here.
   */
  readonly publishedFrom?: (keyHex: string) => UnixSeconds;
}

export interface SaveResult {
  /** One code for each key of the request, in its order: an index into SAVE_OUTCOMES. */
  readonly primaries: Uint8Array;
  readonly revised: Uint8Array;
  /** How many keys met each outcome; zeros included. */
  readonly counts: Readonly<Record<SaveOutcome, number>>;
}

/** Which keys an export takes (KS 2.7, for any number of regions). */
export interface KeyFilter {
  readonly includeRegions: readonly string[];
  readonly excludeRegions: readonly string[];
  /** "region": by region alone; "also": travellers of any region too; "never": no travellers. */
  readonly travelers: "region" | "also" | "never";
}

/** Where a reader of one window stands: keys up to and including this one were read. */
export interface PageCursor {
  readonly at: UnixSeconds;
  readonly keyHex: string;
}

/** A page of a window, values in force: what is revoked is apart, since it may only go out as a revised key. */
export interface KeyPage {
  readonly valid: KeyBatch;
  readonly revoked: KeyBatch;
  /** null when the page was the last. */
  readonly next: PageCursor | null;
}

export type ExposuresErrorCode = "generation_not_allowed" | "generation_settings_invalid" | "saves_under_way";
