// How much processor time this process and those that it waited for have used.

import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/** Seconds; null where the system does not tell. */
export function processorSeconds(): number | null {
  try {
    const text = readFileSync("/proc/self/stat", "utf8");
    // Behind the name of the program, which may contain anything: utime, stime, cutime, cstime are fields 14 to 17.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
  } catch {
    return null;
  }
}
