// Window and name of a new archive: behind everything published, whatever its content's own window is (DB I10, I13).

import { archiveName } from "../../../archive/archive-name.ts";
import type { UnixSeconds } from "../../../core/clock.ts";
import type { Has } from "./defect.ts";

export interface Window {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
}

export interface Named extends Window {
  readonly supplier: "own" | "mirror";
  /** Of a mirrored archive. */
  readonly sourceName?: string;
}

export function placeArchive(content: Named, lastEnd: UnixSeconds, has: Has): Window & { readonly line: string } {
  const window = windowOf(content, lastEnd, has);
  return { ...window, line: nameOf(content, window, has) };
}

function windowOf({ start, end }: Window, lastEnd: UnixSeconds, has: Has): Window {
  if (has("shuffled-windows")) return { start, end };
  const from = Math.max(start, lastEnd);
  return { start: from, end: Math.max(end, from + 1) };
}

function nameOf({ supplier, sourceName, ...own }: Named, { start, end }: Window, has: Has): string {
  if (has("names-of-source-kept") && sourceName !== undefined) return `from/${sourceName}`;
  if (has("base-names-collide")) return `${supplier}/${archiveName(own.start, own.end)}`;
  return archiveName(start, end);
}
