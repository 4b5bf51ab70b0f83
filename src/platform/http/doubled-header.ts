// Headers that a request may have only once: a proxy may go by one value and this server by the other.

const SINGLE = new Set([
  "host",
  "authorization",
  "content-length",
  "content-type",
  "expect",
  "if-match",
  "if-range",
  "range",
  "transfer-encoding",
  "x-chaff",
]);

/** Whether one of them is there twice; `rawHeaders` as Node has them, names and values in turn (RFC 9112, 3.2). */
export function hasDoubledHeader(rawHeaders: readonly string[]): boolean {
  const seen = new Set<string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? "";
    if (!SINGLE.has(name)) continue;
    if (seen.has(name)) return true;
    seen.add(name);
  }
  return false;
}
