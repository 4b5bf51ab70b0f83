// The phone's tools on Node's zlib and crypto.

import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import { crc32, inflateRawSync } from "node:zlib";
import type { P256PublicKey } from "../archive/archive-types.ts";
import type { PhoneTools } from "./phone-tools.ts";

// A key is parsed once, not for every archive.
const parsedKeys = new WeakMap<P256PublicKey, KeyObject>();

export const nodePhoneTools: PhoneTools = {
  inflatePrefix(bytes, maxBytes) {
    const result: unknown = inflateRawSync(bytes, { info: true, maxOutputLength: maxBytes });
    if (!isWithEngine(result)) throw new TypeError("zlib answered without its engine");
    return { output: result.buffer, consumed: result.engine.bytesWritten };
  },
  crc32: (bytes) => crc32(bytes),
  sha256Hex: (bytes) => hash("sha256", bytes, "hex"),
  verify(publicKey, algorithm, bytes, signature) {
    try {
      return verify(algorithm, bytes, parseOnce(publicKey), signature);
    } catch {
      return false;
    }
  },
};

function parseOnce(publicKey: P256PublicKey): KeyObject {
  const known = parsedKeys.get(publicKey);
  if (known !== undefined) return known;
  const parsed = createPublicKey(publicKey.pem);
  parsedKeys.set(publicKey, parsed);
  return parsed;
}

/** With `info` Node answers its engine too, which counts what it consumed; the type declarations do not know it. */
function isWithEngine(
  result: unknown,
): result is { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } } {
  return typeof result === "object" && result !== null && "buffer" in result && "engine" in result;
}
