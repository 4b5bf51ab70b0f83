// Instants and durations of the API for people.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";

/**
 * Whole seconds in the largest unit of which there are two, rounded to the nearest: "90 s", "5 min", "36 h", "3 days".
 * Negative ones are shown as their distance.
 */
export function renderDuration(seconds: number): string {
  const distance = Math.abs(seconds);
  if (distance < 2 * MINUTE) return `${distance} s`;
  const minutes = Math.round(distance / MINUTE);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(distance / HOUR);
  return hours < 48 ? `${hours} h` : `${Math.round(distance / DAY)} days`;
}

/** "3 min ago", "in 2 days", "now"; a dash for none. `now` is of the clock that `at` is of: the server's. */
export function renderAge(at: string | null, now: UnixSeconds): string {
  if (at === null) return "-";
  const ago = now - Date.parse(at) / 1_000;
  if (ago === 0) return "now";
  return ago > 0 ? `${renderDuration(ago)} ago` : `in ${renderDuration(ago)}`;
}

/** How long ago something was that has happened: never "in", also where a clock was ahead when it was written down. */
export function renderSince(at: string | null, now: UnixSeconds): string {
  if (at === null) return "-";
  const ahead = Date.parse(at) / 1_000 - now;
  return ahead > 0 ? `${renderDuration(ahead)} ahead of the clock` : renderAge(at, now);
}

/** The instant and how far away it is: "2026-11-24T10:00:00Z (3 min ago)"; a dash for none. */
export function renderInstant(at: string | null, now: UnixSeconds): string {
  return at === null ? "-" : `${at} (${renderAge(at, now)})`;
}
