// What a command writes into a file that an option names.

import { constants, existsSync } from "node:fs";
import { access, lstat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { CodedError } from "../core/coded-error.ts";
import { fileErrorCode, syncFolder, writeNewFile } from "../platform/files/durable-files.ts";

export type OutputErrorCode = "output_unwritable" | "output_exists";

/** Throws `output_unwritable`. `mode`: who may read a file that is new. */
export async function writeOutput(file: string, text: string, mode = 0o666): Promise<void> {
  try {
    await writeFile(file, text, { mode });
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

/** Throws `output_exists` and `output_unwritable`, before anything is done that cannot be repeated. */
export async function requireNoFile(file: string): Promise<void> {
  try {
    await access(dirname(resolve(file)), constants.W_OK);
    await lstat(file);
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT" && existsSync(dirname(resolve(file)))) return;
    throw unwritable(file, error);
  }
  throw exists(file);
}

/**
 * Makes the file, or leaves the one that is there. Throws `output_exists` and `output_unwritable`, with `remedy`. `mode`:
 * who may read it.
 */
export async function writeNewOutput(file: string, text: string, remedy?: string, mode?: number): Promise<void> {
  try {
    await writeNewFile(file, Buffer.from(text), mode === undefined ? {} : { mode });
    await syncFolder(dirname(resolve(file)));
  } catch (cause) {
    throw fileErrorCode(cause) === "EEXIST" ? exists(file, remedy) : unwritable(file, cause, remedy);
  }
}

function exists(file: string, remedy = "Name another file, or move that one away first."): CodedError {
  return new CodedError<OutputErrorCode>("output_exists", `${file} is there already; it stays as it is`, { remedy });
}

function unwritable(file: string, cause: unknown, remedy?: string): CodedError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CodedError<OutputErrorCode>("output_unwritable", `${file} cannot be written: ${why}`, {
    cause,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
