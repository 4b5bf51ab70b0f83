// The bytes of a publish request, padded so that its length tells nothing (KS 3.2).

import { type PreparedUpload, type Upload, uploaderError } from "./client-types.ts";
import type { RandomBytes } from "./random-bytes.ts";
import type { SentKey } from "./upload-mac.ts";

/** No server takes more (KS 3.1). */
export const MAX_REQUEST_BYTES = 64_000;

export interface RequestContent extends Pick<Upload, "symptomOnsetInterval" | "traveler" | "revisionToken"> {
  readonly sentKeys: readonly SentKey[];
  readonly healthAuthorityId: string;
  /** Empty: none. */
  readonly certificate: string;
  readonly hmacSecret: Uint8Array;
}

/** Exactly `length` bytes. Throws `upload_too_large` where the content alone has more. */
export function buildRequest(content: RequestContent, length: number, randomBytes: RandomBytes): PreparedUpload {
  const unpadded = Buffer.byteLength(requestText(content, ""));
  if (unpadded > length) {
    throw uploaderError("upload_too_large", `the request has ${unpadded} bytes, and may have ${length}`, {
      remedy: `Raise requestBytes, up to ${MAX_REQUEST_BYTES}, for all requests.`,
    });
  }
  const padding = drawText(length - unpadded, randomBytes);
  return { body: Uint8Array.from(Buffer.from(requestText(content, padding))) };
}

function requestText(content: RequestContent, padding: string): string {
  const { sentKeys, healthAuthorityId, certificate, hmacSecret } = content;
  return JSON.stringify({
    temporaryExposureKeys: sentKeys,
    healthAuthorityID: healthAuthorityId,
    verificationPayload: certificate,
    hmacKey: hmacSecret.toBase64(),
    symptomOnsetInterval: content.symptomOnsetInterval,
    traveler: content.traveler,
    revisionToken: content.revisionToken,
    padding,
  });
}

/** So many characters of base64. */
export function drawText(length: number, randomBytes: RandomBytes): string {
  return randomBytes(Math.ceil((length * 3) / 4))
    .toBase64()
    .slice(0, length);
}
