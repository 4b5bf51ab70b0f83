// A small text file that an option names, such as a public key.

import { CodedError, codeOf } from "../core/coded-error.ts";
import { type InputErrorCode, readInput } from "./archive/read-input.ts";

const MOST_BYTES = 64 * 1024;

/** `-` is standard input. Throws `input_unreadable`, also beyond `mostBytes`, by default 64 KiB. */
export async function readText(file: string, mostBytes = MOST_BYTES): Promise<string> {
  try {
    return new TextDecoder().decode(await readInput(file, mostBytes));
  } catch (cause) {
    if (codeOf(cause) !== "archive_too_large") throw cause;
    throw new CodedError<InputErrorCode>(
      "input_unreadable",
      `cannot read ${file}: it has more than ${mostBytes} bytes`,
      {
        cause,
      },
    );
  }
}
