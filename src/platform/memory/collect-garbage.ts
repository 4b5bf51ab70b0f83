// Memory between one large archive and the next.

/** Of fewer keys the collector takes care in time by itself. */
const MANY_KEYS = 100_000;

/**
 * Collects garbage now, after work on so many keys, if they were many: it is a few objects that hold many megabytes, and
 * the collector counts objects, so that by itself it would come only when several archives are in memory. Does nothing
 * in a process that was started without `--expose-gc`; the launchers start it with.
 */
export function collectGarbageAfter(keyCount: number): void {
  if (keyCount >= MANY_KEYS) globalThis.gc?.();
}
