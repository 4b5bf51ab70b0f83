// Requests that ask for nothing, so that nobody on the way learns who really uploads (KS 3.11).

import { buildRequest, drawText } from "./build-request.ts";
import type { PreparedUpload } from "./client-types.ts";
import type { RandomBytes } from "./random-bytes.ts";
import { sentKeysOf } from "./upload-mac.ts";

export const CHAFF_HEADERS = { "x-chaff": "1" } as const;

/** What the header adds to a request of HTTP/1.1; the body has so many bytes less. */
const HEADER_BYTES = "x-chaff: 1\r\n".length;
const KEYS = 14;
const SOME_DAY = 20_700;

/** Of one length with real requests once the header is on it. Should the header get lost, the certificate is refused. */
export function buildChaff(healthAuthorityId: string, length: number, randomBytes: RandomBytes): PreparedUpload {
  const sentKeys = sentKeysOf(
    Array.from({ length: KEYS }, (_, day) => ({
      keyData: randomBytes(16),
      rollingStart: (SOME_DAY + day) * 144,
      rollingPeriod: 144,
    })),
  );
  const certificate = [80, 300, 86].map((part) => drawText(part, randomBytes)).join(".");
  const hmacSecret = randomBytes(32);
  return buildRequest({ sentKeys, healthAuthorityId, certificate, hmacSecret }, length - HEADER_BYTES, randomBytes);
}
