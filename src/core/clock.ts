// Time as the whole program sees it: whole Unix seconds from a clock that is passed in.

/** Whole seconds since 1970-01-01T00:00:00Z. */
export type UnixSeconds = number;

export interface Clock {
  now(): UnixSeconds;
}

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 86_400;

/** The instant as ISO 8601 in UTC, for people and for reports. */
export function isoTime(at: UnixSeconds): string {
  return new Date(at * 1_000).toISOString().replace(".000Z", "Z");
}

/** As `isoTime`; null for "none" or "never". */
export function isoTimeOrNull(at: UnixSeconds | null): string | null {
  return at === null ? null : isoTime(at);
}
