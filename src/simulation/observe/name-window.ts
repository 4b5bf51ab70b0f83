// The window that name-time phones read from a line (DB 1.4).

import type { UnixSeconds } from "../../core/clock.ts";

export interface NameWindow {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
}

/** The last part of the path, and of that what stands before its last dot. */
export function baseNameOf(line: string): string {
  return line.slice(line.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
}

/** The first two fields of the base name; null where one is not a number. */
export function readNameWindow(line: string): NameWindow | null {
  const [start = "", end = ""] = baseNameOf(line).split("-");
  return isNumber(start) && isNumber(end) ? { start: Number(start), end: Number(end) } : null;
}

function isNumber(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
