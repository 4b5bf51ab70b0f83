// The fence: which index may replace the published one. What is published is the truth that phones remember.

import type { LocationArchive } from "./location-types.ts";

export type IndexPlan =
  /** Write these lines; they extend what is published. */
  | { readonly kind: "write"; readonly lines: readonly string[]; readonly seqs: readonly number[] }
  /** What is published is what would be written. */
  | { readonly kind: "current"; readonly seqs: readonly number[] }
  /** Nothing was ever published and nothing is to be. */
  | { readonly kind: "nothing" }
  /** Published lines that our records do not know: our database is older than the index. */
  | { readonly kind: "adopt"; readonly unknown: readonly string[] }
  /** Archives that the published index has dropped from its head, though our records still list them. */
  | { readonly kind: "forget"; readonly seqs: readonly number[] }
  /** Any index of ours would take away or reorder lines that phones may remember. */
  | { readonly kind: "refuse"; readonly why: string };

/**
 * Decides from the published lines (null: there is no index) and our archives in order of their seq. An index is never
 * empty once there was one (DB I4): the newest archive stays listed until another takes its place.
 */
export function planIndex(published: readonly string[] | null, archives: readonly LocationArchive[]): IndexPlan {
  const listed = listedArchives(archives);
  const lines = listed.map((archive) => archive.line);
  const seqs = listed.map((archive) => archive.seq);
  if (published === null) {
    return lines.length === 0 ? { kind: "nothing" } : { kind: "write", lines, seqs };
  }
  const known = new Map(archives.map((archive) => [archive.line, archive]));
  const unknown = published.filter((line) => !known.has(line));
  if (unknown.length > 0) return { kind: "adopt", unknown };

  const dropped = droppedFromHead(published, listed);
  if (dropped.length > 0) return { kind: "forget", seqs: dropped };

  const kept = published.filter((line) => lines.includes(line));
  const expiredHead = published.slice(0, published.length - kept.length);
  if (kept.some((line, at) => line !== lines[at]) || expiredHead.some((line) => lines.includes(line))) {
    return { kind: "refuse", why: firstDifference(published, lines) };
  }
  const same = published.length === lines.length && published.every((line, at) => line === lines[at]);
  return same ? { kind: "current", seqs } : { kind: "write", lines, seqs };
}

/** The archives that belong into the index: those that have not expired, and always the newest. */
export function listedArchives(archives: readonly LocationArchive[]): LocationArchive[] {
  return archives.filter((archive, at) => archive.expiredAt === null || at === archives.length - 1);
}

/** Ours before the first published line: they expired in a later state than the one our database was restored from. */
function droppedFromHead(published: readonly string[], listed: readonly LocationArchive[]): number[] {
  const first = listed.findIndex((archive) => archive.line === published[0]);
  return first > 0 ? listed.slice(0, first).map((archive) => archive.seq) : [];
}

function firstDifference(published: readonly string[], lines: readonly string[]): string {
  const missing = published.find((line, at) => line !== lines[at]);
  return `the published index has "${missing}" where ours would have "${lines[published.indexOf(missing ?? "")]}"`;
}
