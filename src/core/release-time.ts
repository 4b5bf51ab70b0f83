// When a key may first be published: the embargo that keeps keys secret while their owner still broadcasts them.

import type { UnixSeconds } from "./clock.ts";
import type { ExposureKey } from "./exposure-key.ts";
import { intervalNumber, intervalStart, truncateWindow } from "./intervals.ts";

export interface ReleaseOptions {
  /** Release times are multiples of this, so that they do not tell the moment of an upload. */
  readonly truncateWindowSeconds: number;
  /** For test systems only: no embargo. */
  readonly releaseSameDayKeys?: boolean;
}

/**
 * The instant at which a key received at `now` enters exports (KS 3.6). Normally the start of the current window;
 * for a key that still runs, the first window start strictly after its end.
 */
export function releaseTime(
  validity: Pick<ExposureKey, "rollingStart" | "rollingPeriod">,
  now: UnixSeconds,
  options: ReleaseOptions,
): UnixSeconds {
  const { truncateWindowSeconds, releaseSameDayKeys = false } = options;
  const endInterval = validity.rollingStart + validity.rollingPeriod;
  if (endInterval <= intervalNumber(now) || releaseSameDayKeys) return truncateWindow(now, truncateWindowSeconds);
  return truncateWindow(intervalStart(endInterval) + truncateWindowSeconds, truncateWindowSeconds);
}
