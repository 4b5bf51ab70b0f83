// A row of bars that shows how a number went.

const BARS = "▁▂▃▄▅▆▇█";

/** A character for each value, the highest bar for the greatest; values are 0 or more. */
export function sparkline(values: readonly number[]): string {
  const greatest = Math.max(1, ...values);
  return values.map((value) => BARS[Math.min(BARS.length - 1, Math.floor((value / greatest) * BARS.length))]).join("");
}
