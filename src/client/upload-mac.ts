// The HMAC that binds a certificate to the keys of one upload (KS 4.4).

import { createHmac } from "node:crypto";
import { refusalOfForm } from "../core/exposure-key.ts";
import { type UploadKey, uploaderError } from "./client-types.ts";

/** A key as it stands in the request. */
export interface SentKey {
  readonly key: string;
  readonly rollingStartNumber: number;
  readonly rollingPeriod: number;
  readonly transmissionRisk: number;
}

/**
 * The keys in the order of their base64, which is the one of the HMAC, so that their order tells nothing.
 * Throws `upload_invalid`: no key, a value that no server takes, or a key twice.
 */
export function sentKeysOf(keys: readonly UploadKey[]): SentKey[] {
  if (keys.length === 0) throw uploaderError("upload_invalid", "the upload has no key");
  const sent = keys.map(sentKeyOf).toSorted((left, right) => (left.key < right.key ? -1 : 1));
  if (new Set(sent.map(({ key }) => key)).size !== sent.length) {
    throw uploaderError("upload_invalid", "the upload has one key twice");
  }
  return sent;
}

function sentKeyOf(uploaded: UploadKey, index: number): SentKey {
  const { keyData, rollingStart, rollingPeriod, transmissionRisk = 0 } = uploaded;
  const values = { keyData, rollingStart, rollingPeriod, transmissionRisk };
  const refusal = refusalOfForm({ ...values, reportType: undefined, daysSinceOnset: undefined });
  if (refusal !== null) throw uploaderError("upload_invalid", `key ${index} cannot be uploaded: ${refusal}`);
  return { key: keyData.toBase64(), rollingStartNumber: rollingStart, rollingPeriod, transmissionRisk };
}

/** HMAC-SHA-256 in base64 over keys in the order of `sentKeysOf`; the form with risks, which is good for all risks. */
export function macOfSentKeys(sent: readonly SentKey[], secret: Uint8Array): string {
  const text = sent
    .map(({ key, rollingStartNumber, rollingPeriod, transmissionRisk }) =>
      [key, rollingStartNumber, rollingPeriod, transmissionRisk].join("."),
    )
    .join(",");
  return createHmac("sha256", secret).update(text).digest("base64");
}

/** What a verification server puts into the certificate for these keys, as `tekmac`. Throws `upload_invalid`. */
export function macOfUpload(keys: readonly UploadKey[], secret: Uint8Array): string {
  return macOfSentKeys(sentKeysOf(keys), secret);
}
