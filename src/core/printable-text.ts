// The one place that makes texts of strangers printable: nothing in them moves a cursor, hides or reorders what is around.

/** Controls (C0, DEL, C1), format marks such as those of direction, halves of characters, and separators of lines. */
const NOT_PRINTED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What styles, moves and ends our own lines: LF, CR, tab and ESC. */
const OURS = new Set(["\n", "\r", "\t", "\u001B"]);

/** With escapes (`\u202e`) for everything that a terminal, or a reader of a log, could take as more than text. */
export function printableText(text: string): string {
  return text.replace(NOT_PRINTED, escapeUnits);
}

/** What a screen gets in the end: our own lines and styles pass, and nothing else that is not printed. */
export function printableOutput(text: string): string {
  return text.replace(NOT_PRINTED, (found) => (OURS.has(found) ? found : escapeUnits(found)));
}

/** Each UTF-16 unit as JSON and JavaScript write it. */
export function escapeUnits(text: string): string {
  return Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}
