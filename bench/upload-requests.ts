// Bodies of uploads as phones send them, each with keys and a certificate of its own.

import { randomBytes } from "node:crypto";
import { makeRequest, type TestAuthority } from "../test/support/certificates.ts";
import { APP } from "./upload-server.ts";

const DAY_INTERVALS = 144;

/** Keys of the days before today; the certificates are valid for a quarter of an hour. */
export function makeBodies(authority: TestAuthority, count: number, keysEach: number, now: number): string[] {
  const today = Math.floor(now / 600 / DAY_INTERVALS) * DAY_INTERVALS;
  return Array.from({ length: count }, () => {
    const request = makeRequest(keysEach, today);
    return JSON.stringify({
      temporaryExposureKeys: request.keys,
      healthAuthorityID: APP,
      verificationPayload: authority.certify(request, now),
      hmacKey: Buffer.from(request.hmacKey).toString("base64"),
      symptomOnsetInterval: today - 2 * DAY_INTERVALS,
      padding: randomBytes(1_024).toString("base64"),
    });
  });
}
