// The only way to a P256PublicKey.

import { CodedError } from "../core/coded-error.ts";
import type { ArchiveErrorCode, ArchiveTools, P256PublicKey } from "./archive-types.ts";

/** Takes SubjectPublicKeyInfo in PEM. Throws CodedError `public_key_invalid` unless it is a point on P-256 (KS 1.6). */
export function parsePublicKey(pem: string, tools: ArchiveTools): P256PublicKey {
  const normalised = tools.p256Pem(pem);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes the branded type
  if (normalised !== null) return { pem: normalised } as P256PublicKey;
  throw new CodedError<ArchiveErrorCode>("public_key_invalid", "this is not a public key on the curve P-256", {
    remedy: "Give the public key as PEM, beginning with -----BEGIN PUBLIC KEY-----.",
  });
}
