// Uploads as phones send them, each with keys and a certificate of its own, and how long they took.

import { randomBytes } from "node:crypto";
import { makeRequest, type TestAuthority } from "../test/support/certificates.ts";
import type { Order, Sent } from "./send-requests.ts";
import { APP, type UploadServer } from "./upload-server.ts";

export const KEYS_EACH = 14;
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

/** Of 14 keys each, to this process of the server. */
export function makeOrders(server: Pick<UploadServer, "authority" | "publicUrl">, count: number): Order[] {
  return makeBodies(server.authority, count, KEYS_EACH, Math.floor(Date.now() / 1_000)).map((body) => ({
    url: `${server.publicUrl}/v1/publish`,
    headers: { "content-type": "application/json" },
    body,
  }));
}

export function timesOf(sent: readonly Sent[]) {
  return { "p50 ms": percentile(sent, 0.5), "p99 ms": percentile(sent, 0.99) };
}

/** In whole milliseconds. */
export function percentile(sent: readonly Sent[], share: number): number {
  const sorted = sent.map(({ milliseconds }) => milliseconds).toSorted((left, right) => left - right);
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
}
