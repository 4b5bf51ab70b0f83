// What a command writes into a file that an option names.

import { writeFile } from "node:fs/promises";
import { CodedError } from "../core/coded-error.ts";

export type OutputErrorCode = "output_unwritable";

/** Throws `output_unwritable`. `mode`: who may read a file that is new. */
export async function writeOutput(file: string, text: string, mode = 0o666): Promise<void> {
  try {
    await writeFile(file, text, { mode });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError<OutputErrorCode>("output_unwritable", `${file} cannot be written: ${why}`, { cause });
  }
}
