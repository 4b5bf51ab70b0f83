// The words of the exposures feature: where a key comes from, what became of it, which keys an export wants.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KeyBatch } from "../../core/key-batch.ts";

/** Where keys come from. Only the same source (or the holder of a revision token) may change them later. */
export type KeyOrigin =
  | { readonly kind: "upload" }
  | { readonly kind: "import"; readonly sourceId: number }
  | { readonly kind: "federation"; readonly sourceId: number }
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
  /**
   * Uploads only: which stored keys this one may change, by key data in hex (its revision token says).
   * Absent: none. Imports and federation change what came from the same source, and nothing else.
   */
  readonly mayRevise?: (keyHex: string) => boolean;
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
