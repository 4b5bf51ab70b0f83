// A small text file that an option names, such as a public key.

import { readInput } from "./archive/read-input.ts";

const MOST_BYTES = 64 * 1024;

/** `-` is standard input. Throws `input_unreadable`, and `archive_too_large` beyond `mostBytes`, by default 64 KiB. */
export async function readText(file: string, mostBytes = MOST_BYTES): Promise<string> {
  return new TextDecoder().decode(await readInput(file, mostBytes));
}
