// Texts of others on a screen, as text, as lines and as JSON.

import { escapeUnits, printableText } from "../../core/printable-text.ts";
import { SIGNS } from "./ascii-text.ts";

/** With escapes for everything that a terminal could take as more than text. */
export function plainText(text: string): string {
  return printableText(text);
}

/** As `plainText`, for a text of several lines. */
export function plainLines(text: string): string {
  return text.split("\n").map(plainText).join("\n");
}

/** JSON over several lines, with an LF at the end; it parses to the same value. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).split("\n").map(plainJson).join("\n")}\n`;
}

/** JSON in which nothing is left that a terminal obeys, or that an output of ASCII replaces. */
export function plainJson(line: string): string {
  return plainText(line).replace(SIGNS, escapeUnits);
}
