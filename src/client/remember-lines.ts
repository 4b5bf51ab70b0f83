// Which lines of an index are new, and what to remember of the others.

import type { FollowMemory } from "./follower-types.ts";

/** Of lines that are listed no more, in case the index loses some for a while. */
const KEPT_UNLISTED = 1_000;

/**
 * Each line once, in the order of the index. Not only those behind the last one remembered: servers have put late
 * archives into the middle (KS 13.3 E3), and what was refused stays new.
 */
export function newLines(listed: readonly string[], memory: FollowMemory): string[] {
  const known = new Set(memory.lines);
  return [...new Set(listed)].filter((line) => !known.has(line));
}

/** Forgets the oldest of those that are listed no more, so that the memory does not outgrow the index. */
export function forgetUnlisted(listed: readonly string[], memory: FollowMemory): FollowMemory {
  const now = new Set(listed);
  const unlisted = memory.lines.filter((line) => !now.has(line));
  const forgotten = new Set(unlisted.slice(0, Math.max(0, unlisted.length - KEPT_UNLISTED)));
  return { lines: memory.lines.filter((line) => !forgotten.has(line)) };
}
