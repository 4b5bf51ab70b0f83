// The conditions of a write, decided alike by every store.

import { createHash } from "node:crypto";
import { CodedError } from "../../core/coded-error.ts";
import type { BlobErrorCode, PutOptions } from "./blob-store.ts";

/** The version of these bytes: their SHA-256 in hex. */
export function versionOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Throws `blob_conflict` unless an object with this version (null: absent) may be replaced under `options`. */
export function requireConditions(name: string, current: string | null, options: PutOptions): void {
  if (options.ifAbsent === true && current !== null) throw conflict(name, "exists already");
  if (options.ifVersion !== undefined && options.ifVersion !== current) throw conflict(name, "is not what was read");
}

function conflict(name: string, what: string): CodedError<BlobErrorCode> {
  return new CodedError("blob_conflict", `The object ${name} ${what}.`);
}
