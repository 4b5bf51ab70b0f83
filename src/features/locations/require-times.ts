// How long a location keeps what phones may still need.

import { DAY } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";

/** A phone that was off for a week still finds every key that matters to it; the reference server's least too (KS 11.5). */
export const LEAST_RETENTION_SECONDS = 10 * DAY;

/** What is left out is not judged. Throws `location_settings_invalid`. */
export function requireTimes(
  { retentionSeconds, graceSeconds }: Partial<Pick<Location, "retentionSeconds" | "graceSeconds">>,
  leastRetentionSeconds: number = LEAST_RETENTION_SECONDS,
): void {
  if (retentionSeconds !== undefined && retentionSeconds < leastRetentionSeconds) {
    throw new CodedError<LocationErrorCode>(
      "location_settings_invalid",
      `retentionSeconds is less than ${leastRetentionSeconds / DAY} days: ` +
        "phones that were off would never see keys that were published meanwhile",
      { remedy: `Choose ${leastRetentionSeconds / DAY} days or more; 14 days are usual.` },
    );
  }
  if (graceSeconds !== undefined && graceSeconds < 1) {
    throw new CodedError<LocationErrorCode>("location_settings_invalid", "graceSeconds is less than one second");
  }
}
