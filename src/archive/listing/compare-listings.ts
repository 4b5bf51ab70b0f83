// What a new listing says compared with the last one; a loss is noted and never acted upon (KS 13.4 I5).

export type Suspicion =
  /** Nothing usable is listed where something was. */
  | "index_empty"
  /** Nothing of the last listing is left. */
  | "index_replaced"
  /** Something is gone from the middle or the end; only the head expires. */
  | "index_lost_lines"
  /** More new lines than a source may have waiting; the first are taken, the others by a later check. */
  | "index_too_many_new";

export interface ListingComparison {
  /** Of the last listing, not in the new one. */
  readonly vanished: readonly string[];
  readonly suspicion: Suspicion | null;
}

/** Both in their order, without repetitions. */
export function compareListings(last: readonly string[], listed: readonly string[]): ListingComparison {
  const now = new Set(listed);
  const vanished = last.filter((line) => !now.has(line));
  return { vanished, suspicion: suspicionOf(last, listed, vanished) };
}

function suspicionOf(
  last: readonly string[],
  listed: readonly string[],
  vanished: readonly string[],
): Suspicion | null {
  if (vanished.length === 0) return null;
  if (listed.length === 0) return "index_empty";
  if (vanished.length === last.length) return "index_replaced";
  return vanished.every((line, index) => line === last[index]) ? null : "index_lost_lines";
}
