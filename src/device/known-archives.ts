// Archives that a system takes for ones that it has had, and does not match: two profiles of DB 8.

import type { PhoneTools } from "./phone-tools.ts";
import type { AcceptedExport, DroppedArchive, OfferedFile } from "./verifier.ts";

/**
 * `bytes`: microG passes over a zip of known SHA-256, whatever came of it the first time (DB 2.10).
 * `timing`: matching ignores a second file of equal start, end and number (DB 2.5), another call's included.
 */
export type KnownBy = "nothing" | "bytes" | "timing";

/** Archives that are taken for known, by identity -> the line under which each came. */
export type KnownArchives = Record<string, string>;

interface Sorted<Item> {
  readonly fresh: readonly Item[];
  readonly dropped: readonly DroppedArchive[];
}

/** Before the verifier: sorts out the zips that came before, and notes the others in `known`. */
export function sortByBytes(
  known: KnownArchives,
  files: readonly OfferedFile[],
  tools: PhoneTools,
): Sorted<OfferedFile> {
  return sortOut(known, files, (file) => `sha256 ${tools.sha256Hex(file.bytes)}`, "bytes_known");
}

/** After the verifier: sorts out the files whose timing came before, and notes that of the others in `known`. */
export function sortByTiming(known: KnownArchives, exports: readonly AcceptedExport[]): Sorted<AcceptedExport> {
  return sortOut(known, exports, ({ start, end, batchNum }) => `timing ${start} ${end} ${batchNum}`, "timing_known");
}

function sortOut<Item extends { readonly name: string }>(
  known: KnownArchives,
  items: readonly Item[],
  identityOf: (item: Item) => string,
  reason: DroppedArchive["reason"],
): Sorted<Item> {
  const fresh: Item[] = [];
  const dropped: DroppedArchive[] = [];
  for (const item of items) {
    const identity = identityOf(item);
    const before = known[identity];
    known[identity] ??= item.name;
    if (before === undefined) fresh.push(item);
    // The same line again is the same archive, of which nothing is missed.
    else if (before !== item.name) dropped.push({ name: item.name, reason });
  }
  return { fresh, dropped };
}
