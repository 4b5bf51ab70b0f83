// The fence: which index may replace the published one. What is published is the truth that phones remember.

import type { UnixSeconds } from "../../core/clock.ts";
import type { LocationArchive } from "./location-types.ts";

export type IndexPlan =
  /** Write these lines; they extend what is published. */
  | { readonly kind: "write"; readonly lines: readonly string[]; readonly seqs: readonly number[] }
  /** What is published is what would be written. */
  | { readonly kind: "current"; readonly seqs: readonly number[] }
  /** Nothing was ever published and nothing is to be. */
  | { readonly kind: "nothing" }
  /** Published lines behind those that our records know: our database is older than the index. */
  | { readonly kind: "adopt"; readonly unknown: readonly string[] }
  /** Archives that the published index has dropped from its head when they expired, though our records still list them. */
  | { readonly kind: "forget"; readonly seqs: readonly number[] }
  /** Any index of ours would take away or reorder lines that phones may remember. */
  | { readonly kind: "refuse"; readonly why: string };

/**
 * Decides from the published lines (null: there is no index) and our archives in order of their seq. The published lines
 * must be a run of ours without a gap, behind whose end unknown ones may follow; lines may be gone from the head only
 * where they are due at `now`. An index is never empty once there was one (DB I4): the newest archive stays listed until
 * another takes its place.
 */
export function planIndex(
  published: readonly string[] | null,
  archives: readonly LocationArchive[],
  now: UnixSeconds,
): IndexPlan {
  const listed = listedArchives(archives);
  const lines = listed.map((archive) => archive.line);
  const seqs = listed.map((archive) => archive.seq);
  if (published === null) return lines.length === 0 ? { kind: "nothing" } : { kind: "write", lines, seqs };

  const start = startOfRun(published, archives);
  const misplaced = findMisplaced(published, archives, start);
  if (misplaced !== null) return { kind: "refuse", why: misplaced };
  const dropped = archives.slice(0, start).filter((archive) => archive.expiredAt === null);
  const early = dropped.find((archive) => archive.expiresAt > now);
  if (early) return { kind: "refuse", why: `the published index does not have "${early.line}", which has not expired` };

  const unknown = published.slice(Math.max(0, archives.length - start));
  if (unknown.length > 0) return { kind: "adopt", unknown };
  if (dropped.length > 0) return { kind: "forget", seqs: dropped.map((archive) => archive.seq) };
  const same = published.length === lines.length && published.every((line, at) => line === lines[at]);
  return same ? { kind: "current", seqs } : { kind: "write", lines, seqs };
}

/** The archives that belong into the index: those that have not expired, and always the newest. */
export function listedArchives(archives: readonly LocationArchive[]): LocationArchive[] {
  return archives.filter((archive, at) => archive.expiredAt === null || at === archives.length - 1);
}

/** Where among ours the published lines begin; behind all of ours when their first is unknown. */
function startOfRun(published: readonly string[], archives: readonly LocationArchive[]): number {
  if (published.length === 0) return 0;
  const start = archives.findIndex((archive) => archive.line === published[0]);
  return start < 0 ? archives.length : start;
}

/** Names the first published line that is neither ours of that place, nor an unknown one behind our last. */
function findMisplaced(
  published: readonly string[],
  archives: readonly LocationArchive[],
  start: number,
): string | null {
  const known = new Set(archives.map((archive) => archive.line));
  for (const [at, line] of published.entries()) {
    const ours = archives[start + at];
    if (ours && ours.line !== line) return `the published index has "${line}" where ours has "${ours.line}"`;
    if (!ours && known.has(line)) return `the published index has "${line}" out of its place`;
  }
  return null;
}
