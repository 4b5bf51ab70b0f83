// Token keys under the encryption key: made, wrapped for the database, unwrapped for use.

import { createSecretKey } from "node:crypto";
import type { UnixSeconds } from "../../core/clock.ts";
import type { RevisionDeps, TokenKey, UnwrappedTokenKey } from "./revision-types.ts";

const ID_BYTES = 8;
const SECRET_BYTES = 32;

type WrapDeps = Pick<RevisionDeps, "encryptionKeys" | "random" | "settings">;

/** A new key of this server. */
export async function makeTokenKey(deps: WrapDeps, now: UnixSeconds): Promise<TokenKey> {
  const id = deps.random.bytes(ID_BYTES).toHex();
  const wrapped = await wrapSecret(deps, id, deps.random.bytes(SECRET_BYTES));
  return { id, wrapped, authenticated: deps.settings.authenticated, supplierId: null, createdAt: now, endsAt: null };
}

export function wrapSecret(deps: WrapDeps, id: string, secret: Uint8Array): Promise<Uint8Array> {
  return deps.encryptionKeys.encrypt(deps.settings.encryptionKeyName, secret, purposeOf(id));
}

/** Throws the codes of encryption keys. */
export async function unwrapTokenKey(
  deps: WrapDeps,
  key: TokenKey & { wrapped: Uint8Array },
): Promise<UnwrappedTokenKey> {
  const { encryptionKeyName } = deps.settings;
  const secret = await deps.encryptionKeys.decrypt(encryptionKeyName, key.wrapped, purposeOf(key.id));
  return { ...key, secret: createSecretKey(secret) };
}

function purposeOf(id: string): string {
  return `token key ${id}`;
}
