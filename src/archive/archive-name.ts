// The file name of an archive, which name-time phones read as a window (KS 1.1, DB 1.4).

import type { UnixSeconds } from "../core/clock.ts";

/** `<start>-<end>-00001.zip`. The number is always the first, as a window never has a second archive (DB I13). */
export function archiveName(start: UnixSeconds, end: UnixSeconds): string {
  return `${start}-${end}-00001.zip`;
}

/** The two numbers that lead the last part of the path, as name-time phones take them; null if they are not there. */
export function parseArchiveName(name: string): { start: UnixSeconds; end: UnixSeconds } | null {
  const baseName = name.slice(name.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const [, start, end] = /^(\d{1,15})-(\d{1,15})(?:-|$)/.exec(baseName) ?? [];
  return start === undefined || end === undefined ? null : { start: Number(start), end: Number(end) };
}
