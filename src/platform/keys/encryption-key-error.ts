// What encryption keys of every kind refuse.

import { CodedError } from "../../core/coded-error.ts";
import type { EncryptionKeyErrorCode } from "./encryption-keys.ts";

/** With slashes: key management services name keys by a path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;

/** Throws `encryption_key_unusable` unless `name` can be a file name on every system once `encryptionKeyFile` has replaced its slashes. */
export function requireEncryptionKeyName(name: string): void {
  if (!NAME.test(name)) throw encryptionKeyError("encryption_key_unusable", name, "has no usable name");
}

/** One file for each name, without folders: no name holds a percent sign. */
export function encryptionKeyFile(name: string): string {
  return `${name.replaceAll("/", "%")}.key`;
}

export function encryptionKeyError(
  code: EncryptionKeyErrorCode,
  name: string,
  what: string,
  cause?: unknown,
): CodedError<EncryptionKeyErrorCode> {
  return new CodedError(code, `The encryption key ${JSON.stringify(name.slice(0, 100))} ${what}.`, { cause });
}
