// Encryption keys in memory, gone with the process: for tests and simulations.

import { generateKeySync, type KeyObject } from "node:crypto";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { encryptionKeysOver, SECRET_BYTES } from "./encryption-keys-over.ts";

export function createMemoryEncryptionKeys(): EncryptionKeys {
  const secrets = new Map<string, KeyObject>();
  return encryptionKeysOver(async (name, isNewAllowed) => {
    const known = secrets.get(name);
    if (known !== undefined || !isNewAllowed) return known ?? null;
    const made = generateKeySync("aes", { length: SECRET_BYTES * 8 });
    secrets.set(name, made);
    return made;
  });
}
