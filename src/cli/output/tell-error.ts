// Errors as every command tells them: for people, or as JSON for programs.

import type { CodedError } from "../../core/coded-error.ts";
import { jsonText, plainLines, plainText } from "./plain-text.ts";

export type ToldError = Pick<CodedError, "code" | "message" | "remedy">;

/** Ends with LF. For people: the code and the sentence, and the way out on lines of its own. */
export function tellError({ code, message, remedy }: ToldError, asJson: boolean): string {
  if (asJson) return jsonText({ error: { code, message, ...(remedy === undefined ? {} : { remedy }) } });
  const more = remedy === undefined ? "" : `${plainLines(remedy)}\n`;
  return `error ${plainText(code)}: ${plainLines(message)}\n${more}`;
}
