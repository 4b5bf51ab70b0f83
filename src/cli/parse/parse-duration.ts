// Durations as people write them: 14d, 4h, 1h30m, 15m, 10s.

import { DAY, HOUR, MINUTE } from "../../core/clock.ts";

const SECONDS_OF = new Map([
  ["d", DAY],
  ["h", HOUR],
  ["m", MINUTE],
  ["s", 1],
]);
/** Each unit once, the largest first. */
const DURATION = /^(?=.)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?$/;

/** Whole seconds; null for what is no duration. */
export function parseDuration(text: string): number | null {
  const amounts = DURATION.exec(text)?.slice(1);
  if (!amounts) return null;
  return [...SECONDS_OF.values()].reduce((sum, seconds, at) => sum + Number(amounts[at] ?? 0) * seconds, 0);
}

/** The shortest text of a duration that `parseDuration` reads as the same; `seconds` is a whole number from 0 up. */
export function writeDuration(seconds: number): string {
  if (seconds === 0) return "0s";
  let rest = seconds;
  let text = "";
  for (const [unit, size] of SECONDS_OF) {
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text;
}
