// The digest by which plans, reports and entries of the journal are named.

import { hash } from "node:crypto";

/** SHA-256 of bytes, or of a text in UTF-8, in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}
