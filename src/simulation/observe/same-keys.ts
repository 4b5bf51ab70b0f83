// Whether two archives say the same of the same keys, whatever their seals, names and bytes.

import type { ObservedArchive } from "./observed-archive.ts";

/** Archives that nobody can read are the same only when their bytes are. */
export function holdsSameKeys(one: ObservedArchive, other: ObservedArchive): boolean {
  if (one.sha256Hex === other.sha256Hex) return true;
  if (one.content === null || other.content === null) return false;
  return (
    isSameSet(one.content.primaries, other.content.primaries) && isSameSet(one.content.revised, other.content.revised)
  );
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  const records = new Set(one);
  return other.every((record) => records.has(record));
}
