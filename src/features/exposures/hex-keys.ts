// Key data as SQL answers it, one key behind the other, as names to look up.

import { KEY_LENGTH } from "../../core/exposure-key.ts";

/** In lower-case hex. */
export function hexKeys(concatenated: Uint8Array): Set<string> {
  const names = new Set<string>();
  for (let at = 0; at < concatenated.length; at += KEY_LENGTH) {
    names.add(concatenated.slice(at, at + KEY_LENGTH).toHex());
  }
  return names;
}
