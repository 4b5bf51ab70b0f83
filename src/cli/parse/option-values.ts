// Values of options as commander has them parsed: what is no such value ends the command as misused.

import { InvalidArgumentError } from "commander";
import { type Clock, DAY, isoTime } from "../../core/clock.ts";
import { parseDuration } from "./parse-duration.ts";
import { parseInstant } from "./parse-instant.ts";

/** "4h" as seconds. */
export function durationValue(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null) return seconds;
  throw new InvalidArgumentError("It is a duration such as 14d, 4h, 15m or 10s.");
}

/** A duration in which an answer can come: from a second to a day. */
export function timeoutValue(text: string): number {
  const seconds = durationValue(text);
  if (seconds >= 1 && seconds <= DAY) return seconds;
  throw new InvalidArgumentError("It is from 1s to 24h.");
}

/** "+1h" as the API writes an instant. */
export function instantValue(clock: Clock): (text: string) => string {
  return (text) => {
    const at = parseInstant(text, clock.now());
    if (at !== null) return isoTime(at);
    throw new InvalidArgumentError("It is an instant such as 2026-11-24T10:00:00Z, now, +1h or -3d.");
  };
}

/** In a box, since commander takes null for no value. */
export interface InstantOrNever {
  readonly at: string | null;
}

/** As `instantValue`; "never" is null. */
export function instantOrNeverValue(clock: Clock): (text: string) => InstantOrNever {
  const parse = instantValue(clock);
  return (text) => ({ at: text === "never" ? null : parse(text) });
}

export function countValue(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number.");
}

/** From 1 to 999. */
export function sampleValue(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number from 1 to 999.");
}

/** From 0 to 1. */
export function shareValue(text: string): number {
  if (/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a number between 0 and 1.");
}

/** "US,CA" as regions; an empty one is that of an archive that names none. */
export function headerRegionsValue(text: string): string[] {
  return text.split(",").map((region) => region.trim());
}

/** "US,CA" as names; the empty text as none. */
export function namesValue(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
