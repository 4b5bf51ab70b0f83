// Base64 as phones and verification servers write it: either alphabet, any padding (KS 0.5).

const ALLOWED = /^[A-Za-z0-9+/_\r\n-]*$/;
const URL_SAFE = /[-_]/;

/**
 * The bytes of `text` in standard or URL-safe base64 or a mixture, with as much or as little padding at its end as it
 * likes, line breaks passed over; null where it is nothing of the kind. No text is no bytes.
 */
export function decodeLenientBase64(text: string): Uint8Array | null {
  const unpadded = text.slice(0, lengthWithoutPadding(text));
  if (!ALLOWED.test(unpadded)) return null;
  try {
    const standard = URL_SAFE.test(unpadded) ? unpadded.replaceAll("-", "+").replaceAll("_", "/") : unpadded;
    // Into room that never fills, or what is behind would not be looked at. `fromBase64` takes several times as long.
    const room = new Uint8Array(standard.length);
    return room.slice(0, room.setFromBase64(standard).written);
  } catch {
    return null;
  }
}

function lengthWithoutPadding(text: string): number {
  let length = text.length;
  while (length > 0 && text[length - 1] === "=") length--;
  return length;
}
