// Reads a file, or standard input, without ever holding more than a limit.

import { createReadStream } from "node:fs";
import type { ArchiveErrorCode } from "../../archive/archive-types.ts";
import { CodedError } from "../../core/coded-error.ts";

export type InputErrorCode = "input_unreadable";

/** `-` is standard input. Throws CodedError `input_unreadable` or `archive_too_large`. */
export async function readInput(path: string, maxBytes: number): Promise<Uint8Array> {
  const stream = path === "-" ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CodedError<InputErrorCode>("input_unreadable", `cannot read ${path}: ${reason}`, { cause });
  }
  if (length > maxBytes) {
    throw new CodedError<ArchiveErrorCode>("archive_too_large", `${path} has more than ${maxBytes} bytes`);
  }
  return Buffer.concat(chunks);
}
