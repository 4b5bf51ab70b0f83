// How far a mirror is behind what its source listed last.

import type { MirrorOverview } from "./mirror-types.ts";

/** Lines that were listed and are not taken; null before the first listing. */
export function waitingLines({ mirror, targetPosition }: MirrorOverview): number | null {
  return targetPosition === null ? null : Math.max(0, targetPosition - mirror.nextPosition);
}

/**
 * From the end of the newest window handed over to that of the newest one listed, as its name tells; 0 when nothing
 * waits, null where nothing tells.
 */
export function lagSeconds(overview: MirrorOverview): number | null {
  const { listedEnd, newestTakenEnd } = overview;
  const waiting = waitingLines(overview);
  if (waiting === null || waiting === 0) return waiting;
  return listedEnd === null || newestTakenEnd === null ? null : Math.max(0, listedEnd - newestTakenEnd);
}
