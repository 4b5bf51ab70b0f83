// Signing keys in memory, gone with the process: for tests and simulations.

import type { KeyObject } from "node:crypto";
import {
  generateP256Key,
  parseP256PrivateKey,
  publicKeyPemOf,
  requireSigningKeyName,
  signingKeyError,
} from "./p256-private-key.ts";
import { signBytes } from "./sign-bytes.ts";
import type { SigningKeys } from "./signing-keys.ts";

export function createMemorySigningKeys(): SigningKeys {
  const privateKeys = new Map<string, KeyObject>();

  function find(name: string): KeyObject {
    requireSigningKeyName(name);
    const privateKey = privateKeys.get(name);
    if (privateKey === undefined) throw signingKeyError("signing_key_missing", name, "does not exist");
    return privateKey;
  }

  function keep(name: string, privateKey: KeyObject): void {
    if (privateKeys.has(name)) throw signingKeyError("signing_key_exists", name, "exists already");
    privateKeys.set(name, privateKey);
  }

  return {
    async create(name) {
      requireSigningKeyName(name);
      keep(name, await generateP256Key());
    },
    async put(name, pem) {
      requireSigningKeyName(name);
      keep(name, parseP256PrivateKey(name, pem));
    },
    list: async () => [...privateKeys.keys()].sort(),
    publicKeyPem: async (name) => publicKeyPemOf(find(name)),
    sign: async (name, bytes) => signBytes(find(name), bytes),
  };
}
