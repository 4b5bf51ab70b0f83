// Keeps key material out of logs, whatever a caller hands in by mistake.

const REDACTED = "[redacted]";

/** Sixteen bytes, the shortest key there is, are 32 hex digits or 22 characters of base64 or base64url. */
const HEX = /[0-9a-f]{32,}/gi;
const BASE64 = /[a-z0-9+/_-]{22,}={0,2}/gi;
/** Bytes as programs print them: `<Buffer 3f 0a ...>`, `3f:0a:...`, `63,10,...`. */
const SPACED_HEX = /\b[0-9a-f]{2}(?:[ :][0-9a-f]{2}){7,}/gi;
const DECIMALS = /\b\d{1,3}(?:\s*,\s*\d{1,3}){15,}/g;
/** The password in an address, and the query, which may hold an access token. */
const PASSWORD = /(:\/\/[^\s/:@]*:)[^\s/]*(?=@)/g;
const QUERY = /(\bhttps?:\/\/[^\s?]*\?)[^\s]*/gi;

/**
 * The value as it may be logged. A long run of hex digits is replaced, and a long run of base64 in which both cases
 * occur, as they do in all but one of 40,000 random keys: that some long file name goes with them is the price.
 * Anything but a string, number, boolean or null is replaced whole.
 */
export function redactSecrets(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "string") return REDACTED;
  return value
    .replace(PASSWORD, `$1${REDACTED}`)
    .replace(QUERY, `$1${REDACTED}`)
    .replace(HEX, REDACTED)
    .replace(SPACED_HEX, REDACTED)
    .replace(DECIMALS, REDACTED)
    .replace(BASE64, (run) => (hasBothCases(run) ? REDACTED : run));
}

function hasBothCases(run: string): boolean {
  return /[a-z]/.test(run) && /[A-Z]/.test(run);
}
