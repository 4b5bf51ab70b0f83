// The body of a request as JSON, strictly.

import { adminError } from "./admin-error.ts";

const strictText = new TextDecoder("utf-8", { fatal: true });

/** The value in `bytes`; an empty object for no bytes at all. Throws `json_malformed`. */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(strictText.decode(bytes));
  } catch {
    // The parser's own message would repeat what was sent.
    throw adminError("json_malformed", "the body is no JSON in UTF-8");
  }
}
