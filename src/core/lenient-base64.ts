// Base64 as phones and verification servers write it: either alphabet, any padding (KS 0.5).

const ALLOWED = /^[A-Za-z0-9+/_\r\n-]*$/;

/**
 * The bytes of `text` in standard or URL-safe base64 or a mixture, with as much or as little padding at its end as it
 * likes, line breaks passed over; null where it is nothing of the kind. No text is no bytes.
 */
export function decodeLenientBase64(text: string): Uint8Array | null {
  const unpadded = text.slice(0, lengthWithoutPadding(text));
  if (!ALLOWED.test(unpadded)) return null;
  try {
    return Uint8Array.fromBase64(unpadded.replaceAll("+", "-").replaceAll("/", "_"), { alphabet: "base64url" });
  } catch {
    return null;
  }
}

function lengthWithoutPadding(text: string): number {
  let length = text.length;
  while (length > 0 && text[length - 1] === "=") length--;
  return length;
}
