// Revision tokens: what a phone gets back and shows again to revise its keys (KS 5).

import type { UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import { NONCE_BYTES, openBytes, SEAL_OVERHEAD_BYTES, sealBytes } from "../../platform/keys/seal-bytes.ts";
import type { OpenedToken } from "./revision-types.ts";
import { CONTENT_BYTES, readEntries, type TokenEntry, writeEntries } from "./token-form.ts";
import type { TokenKeyRing } from "./token-key-ring.ts";

const ID_BYTES = 8;
const TOKEN_BYTES = ID_BYTES + SEAL_OVERHEAD_BYTES + CONTENT_BYTES;
/** Of every token, in base64. */
export const TOKEN_LENGTH = Math.ceil(TOKEN_BYTES / 3) * 4;

/**
 * Answers how to seal entries into a token: base64 of the id of its key and what that key sealed. Asked for before
 * anything is stored, so that an upload whose token cannot be made fails whole. Throws `token_key_unavailable`.
 */
export async function prepareSealing(
  ring: TokenKeyRing,
  random: Random,
  now: UnixSeconds,
): Promise<(entries: readonly TokenEntry[]) => string> {
  const { id, secret, authenticated } = await ring.sealing(now);
  return (entries) => {
    const sealed = sealBytes(secret, writeEntries(entries), authenticated, random.bytes(NONCE_BYTES));
    return Buffer.concat([Uint8Array.fromHex(id), sealed]).toString("base64");
  };
}

/**
 * What the token holds, or null when it was not sealed under a key that still opens. Whatever the server that a token key
 * came from had, came here from that server. Throws `token_key_unavailable`.
 */
export async function openToken(ring: TokenKeyRing, token: Uint8Array, now: UnixSeconds): Promise<OpenedToken | null> {
  if (token.length !== TOKEN_BYTES) return null;
  const tokenKey = await ring.find(token.subarray(0, ID_BYTES).toHex(), now);
  if (tokenKey === null) return null;
  const content = openBytes(tokenKey.secret, token.subarray(ID_BYTES), tokenKey.authenticated);
  const entries = content === null ? null : readEntries(content);
  if (entries === null) return null;
  const { supplierId } = tokenKey;
  return { entries: supplierId === null ? entries : entries.map((entry) => ({ ...entry, supplierId })) };
}
