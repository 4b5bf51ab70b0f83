// The text of an index: read leniently (KS 0.5), written strictly (DB I11).

import { CodedError } from "../core/coded-error.ts";

export type IndexErrorCode = "index_line_invalid";

/** The lines in their order, trimmed, without the blank ones. LF or CRLF; a final line end may be there or not. */
export function readIndexText(text: string): string[] {
  return text
    .split("\n")
    .map(trimInvisible)
    .filter((line) => line !== "");
}

/** Neither white space nor unprintable; byte order marks and zero-width characters are unprintable. */
const VISIBLE = /[^\s\p{C}\p{Z}]/u;

function isVisible(character: string): boolean {
  return VISIBLE.test(character);
}

// Not one regular expression over the line: that takes quadratic time when many spaces stand in its middle.
function trimInvisible(line: string): string {
  const characters = Array.from(line);
  const first = characters.findIndex(isVisible);
  return first < 0 ? "" : characters.slice(first, characters.findLastIndex(isVisible) + 1).join("");
}

/**
 * The lines joined by LF, without a final one; no lines give no bytes. Throws CodedError `index_line_invalid` for a line
 * that some follower would read differently: blank, not printable US-ASCII or with a space, beginning with a slash or a
 * scheme, holding `..`, or there twice.
 */
export function writeIndexText(lines: readonly string[]): string {
  const seen = new Set<string>();
  for (const line of lines) {
    const fault = seen.has(line) ? "is there twice" : faultOf(line);
    if (fault !== null) {
      const shown = JSON.stringify(line.slice(0, 100));
      throw new CodedError<IndexErrorCode>("index_line_invalid", `the index line ${shown} ${fault}`);
    }
    seen.add(line);
  }
  return lines.join("\n");
}

function faultOf(line: string): string | null {
  if (!/^[\x21-\x7e]+$/.test(line)) return "is blank, or holds a space or a character outside US-ASCII";
  if (line.startsWith("/")) return "begins with a slash";
  if (/^[a-z][a-z0-9+.-]*:/i.test(line)) return "is an absolute URL";
  if (line.includes("..")) return "leaves its folder";
  return null;
}
