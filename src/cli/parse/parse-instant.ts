// Instants as people write them: ISO 8601 in UTC, now, +1h, -3d.

import type { UnixSeconds } from "../../core/clock.ts";
import { parseDuration } from "./parse-duration.ts";

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z)?$/;

/** Null for what is no instant. A day alone is its beginning. */
export function parseInstant(text: string, now: UnixSeconds): UnixSeconds | null {
  if (text === "now") return now;
  const sign = text[0] === "+" ? 1 : text[0] === "-" ? -1 : 0;
  if (sign !== 0) {
    const seconds = parseDuration(text.slice(1));
    return seconds === null ? null : now + sign * seconds;
  }
  if (!ISO.test(text)) return null;
  const milliseconds = Date.parse(text);
  // A day that its month does not have would be taken for one of the next.
  const isReal = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text.slice(0, 10));
  return isReal ? milliseconds / 1_000 : null;
}
