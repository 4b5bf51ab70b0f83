// Instants and durations of the API for people.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";

/** In the largest unit of which there are two, or one of: "90s", "5m", "36h", "3d". */
export function renderDuration(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < 2 * HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)}h`;
  return `${Math.floor(seconds / DAY)}d`;
}

/** "3m ago", "in 2h", "now"; a dash for none. */
export function renderAge(at: string | null, now: UnixSeconds): string {
  if (at === null) return "-";
  const seconds = now - Date.parse(at) / 1_000;
  if (seconds === 0) return "now";
  return seconds > 0 ? `${renderDuration(seconds)} ago` : `in ${renderDuration(-seconds)}`;
}

/** The instant and how far away it is: "2026-11-24T10:00:00Z (3m ago)"; a dash for none. */
export function renderInstant(at: string | null, now: UnixSeconds): string {
  return at === null ? "-" : `${at} (${renderAge(at, now)})`;
}
