// Encryption keys made of secrets that are in this process's memory, wherever they are kept.

import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { encryptionKeyError, requireEncryptionKeyName } from "./encryption-key-error.ts";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { NONCE_BYTES, openBytes, sealBytes } from "./seal-bytes.ts";

export const SECRET_BYTES = 32;

/** Encryption keys whose secrets `load` brings, or makes where that is allowed; null when there is none. */
export function encryptionKeysOver(
  load: (name: string, isNewAllowed: boolean) => Promise<KeyObject | null>,
): EncryptionKeys {
  return {
    async encrypt(name, plaintext, purpose) {
      requireEncryptionKeyName(name);
      const secret = await load(name, true);
      if (secret === null) throw encryptionKeyError("encryption_key_unusable", name, "cannot be made");
      return sealBytes(secret, plaintext, Buffer.from(purpose), randomBytes(NONCE_BYTES));
    },
    async decrypt(name, ciphertext, purpose) {
      requireEncryptionKeyName(name);
      const secret = await load(name, false);
      if (secret === null) throw encryptionKeyError("encryption_key_unusable", name, "does not exist");
      const opened = openBytes(secret, ciphertext, Buffer.from(purpose));
      if (opened === null) throw encryptionKeyError("encryption_key_refused", name, "does not open this text");
      return opened;
    },
  };
}

/** A secret of 32 bytes, or null when there are more or fewer. */
export function secretOf(bytes: Uint8Array): KeyObject | null {
  return bytes.length === SECRET_BYTES ? createSecretKey(bytes) : null;
}
