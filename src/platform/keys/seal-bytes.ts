// Authenticated encryption of short texts with AES-256-GCM.

import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";

export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const SEAL_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;
const CIPHER = "aes-256-gcm";

/** Answers nonce, ciphertext and tag. The nonce is random and never used twice under one key. */
export function sealBytes(secret: KeyObject, plaintext: Uint8Array, authenticated: Uint8Array, nonce: Uint8Array) {
  const cipher = createCipheriv(CIPHER, secret, nonce).setAAD(authenticated);
  return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
}

/** What `sealBytes` took, or null when the bytes were changed or are not from this key. */
export function openBytes(secret: KeyObject, sealed: Uint8Array, authenticated: Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_OVERHEAD_BYTES) return null;
  const tagAt = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, secret, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated).setAuthTag(sealed.subarray(tagAt));
  const opened = decipher.update(sealed.subarray(NONCE_BYTES, tagAt));
  try {
    return new Uint8Array(Buffer.concat([opened, decipher.final()]));
  } catch {
    return null;
  }
}
