// A line that has to stay one: where it is wider than a screen, its end is left out.

import { stripVTControlCharacters } from "node:util";

const ESCAPES = new RegExp(String.raw`(\u001B\[[\d;]*m)`);
const RESET = "\u001B[0m";

/** At most `width` columns wide; styles are kept, and end where the line ends. */
export function fitLine(line: string, width: number): string {
  if (visibleLength(line) <= width) return line;
  let room = Math.max(0, width - 1);
  let isStyled = false;
  const parts = line.split(ESCAPES).map((part, at) => {
    // Between any two texts there is one escape.
    if (at % 2 === 1) {
      isStyled = true;
      return part;
    }
    const kept = cutText(part, room);
    room -= kept.length;
    return kept;
  });
  return `${parts.join("")}${width > 0 ? "…" : ""}${isStyled ? RESET : ""}`;
}

/** At most so many units from the beginning, and no half of a character. */
export function cutText(text: string, most: number): string {
  return text.slice(0, Math.max(0, most)).replace(/[\uD800-\uDBFF]$/, "");
}

/** In columns, without what only styles. */
export function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
