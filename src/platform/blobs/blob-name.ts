// Which object names there are: the same for every store, so that an object can move from one to another.

import { CodedError } from "../../core/coded-error.ts";
import type { BlobErrorCode } from "./blob-store.ts";

const MAX_NAME_LENGTH = 900;
// Printable ASCII besides what Windows forbids or a URL gives a meaning to. A leading dot is kept for the stores' own files.
const SEGMENT = /^(?!\.)[\w.~!$&'()+,;=@ -]{1,200}$/;

/** Whether `name` is a relative path with "/" that stays inside every store. */
export function isBlobName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && name.split("/").every((segment) => SEGMENT.test(segment));
}

/** Throws `blob_name_invalid` unless `name` is a usable object name. */
export function requireBlobName(name: string): void {
  if (!isBlobName(name)) throw invalidBlobName(name);
}

export function invalidBlobName(name: string, cause?: unknown): CodedError<BlobErrorCode> {
  return new CodedError("blob_name_invalid", `Not usable as an object name: ${JSON.stringify(name.slice(0, 200))}`, {
    remedy: "Use a relative path of letters, digits and simple punctuation that is not the folder of another object.",
    cause,
  });
}
