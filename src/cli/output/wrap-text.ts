// Sentences in lines that are not wider than a screen.

import { visibleLength } from "./fit-line.ts";

/** What people read with ease, and what most terminals have. */
const WIDEST = 80;

/** How wide text for people is on a screen of `columns`; undefined: it goes into a file or a pipe. */
export function textWidth(columns: number | undefined): number {
  return Math.min(columns ?? WIDEST, WIDEST);
}

/**
 * Lines of at most `width` columns, each ended by LF, the first behind `first` and the others behind as many spaces. A
 * word that is wider stays whole.
 */
export function wrapText(text: string, width: number, first = "  "): string {
  const indent = " ".repeat(visibleLength(first));
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && visibleLength(longer) > width - indent.length) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line !== "") lines.push(line);
  return lines.map((one, at) => `${at === 0 ? first : indent}${one}\n`).join("");
}
