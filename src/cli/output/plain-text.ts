// Texts of others on a screen: nothing in them moves the cursor, hides or reorders what is around them.

import { SIGNS } from "./ascii-text.ts";

/** Controls, format marks such as those of direction, halves of characters, and separators of lines. */
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** With escapes for everything that a terminal could take as more than text. */
export function plainText(text: string): string {
  return text.replace(NOT_PRINTED, escape);
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
  return plainText(line).replace(SIGNS, escape);
}

/** As JSON has it: one or two units. */
function escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
