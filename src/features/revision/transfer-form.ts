// Token keys on their way to another server: encrypted to a key pair of the receiver, for nobody else to read.

import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from "node:crypto";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { NONCE_BYTES, openBytes, sealBytes } from "../../platform/keys/seal-bytes.ts";
import type { RevisionErrorCode } from "./revision-types.ts";

/** One token key with its secret. */
export interface TransferredKey {
  readonly id: string;
  readonly secret: Uint8Array;
  readonly authenticated: Uint8Array;
  readonly createdAt: UnixSeconds;
}

export interface RecipientPair {
  readonly publicKey: Uint8Array;
  /** PKCS#8. */
  readonly privateKey: Uint8Array;
}

const PUBLIC_KEY_BYTES = 32;
const INFO = "enks token keys, version 1";
// Each transfer has a shared secret of its own, so one nonce serves.
const NONCE = new Uint8Array(NONCE_BYTES);

export function makeRecipient(): RecipientPair {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  return { publicKey: rawPublicKey(publicKey), privateKey: privateKey.export({ type: "pkcs8", format: "der" }) };
}

/** X25519, HKDF with SHA-256, AES-256-GCM; in base64. Throws `token_key_transfer_invalid` for a wrong public key. */
export function writeTransfer(tokenKeys: readonly TransferredKey[], recipient: Uint8Array): string {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const ephemeral = rawPublicKey(publicKey);
  const secret = sharedSecret(privateKey, publicKeyOf(recipient), ephemeral, recipient);
  const content = tokenKeys.map((tokenKey) => ({
    ...tokenKey,
    secret: tokenKey.secret.toHex(),
    authenticated: tokenKey.authenticated.toHex(),
  }));
  const sealed = sealBytes(secret, Buffer.from(JSON.stringify(content)), ephemeral, NONCE);
  return Buffer.concat([recipient, ephemeral, sealed]).toString("base64");
}

/** To whom a transfer was encrypted. Throws `token_key_transfer_invalid`. */
export function recipientOf(transfer: string): Uint8Array {
  return bytesOf(transfer).subarray(0, PUBLIC_KEY_BYTES);
}

/** Throws `token_key_transfer_invalid` when it was changed or is for somebody else. */
export function readTransfer(transfer: string, recipient: RecipientPair): TransferredKey[] {
  const bytes = bytesOf(transfer);
  const ephemeral = bytes.subarray(PUBLIC_KEY_BYTES, 2 * PUBLIC_KEY_BYTES);
  const privateKey = createPrivateKey({ key: Buffer.from(recipient.privateKey), type: "pkcs8", format: "der" });
  const secret = sharedSecret(privateKey, publicKeyOf(ephemeral), ephemeral, recipient.publicKey);
  const content = openBytes(secret, bytes.subarray(2 * PUBLIC_KEY_BYTES), ephemeral);
  if (content === null) throw invalid("it was changed on its way, or is for another receiver");
  // Whoever wrote it knew only the public key, so nothing about its content is certain.
  return parseContent(Buffer.from(content).toString());
}

function parseContent(text: string): TransferredKey[] {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list) || list.length === 0) throw invalid("it holds no token keys");
    return list.map(parseKey);
  } catch (cause) {
    if (cause instanceof CodedError) throw cause;
    throw invalid("its content is not as a server writes it", cause);
  }
}

function parseKey(item: unknown): TransferredKey {
  const read = (name: string): unknown =>
    typeof item === "object" && item !== null ? Reflect.get(item, name) : undefined;
  const [id, secret, authenticated, createdAt] = [read("id"), read("secret"), read("authenticated"), read("createdAt")];
  if (typeof id !== "string" || !/^[0-9a-f]{16}$/.test(id)) throw invalid("an id is none");
  if (typeof secret !== "string" || !/^[0-9a-f]{64}$/.test(secret)) throw invalid("a secret is none");
  if (typeof authenticated !== "string" || !/^([0-9a-f]{2}){0,256}$/.test(authenticated)) {
    throw invalid("what tokens are authenticated with is not hex");
  }
  if (typeof createdAt !== "number" || !Number.isSafeInteger(createdAt)) throw invalid("an instant is none");
  return { id, secret: Uint8Array.fromHex(secret), authenticated: Uint8Array.fromHex(authenticated), createdAt };
}

function bytesOf(transfer: string): Buffer {
  const bytes = Buffer.from(transfer.trim(), "base64");
  if (bytes.length > 2 * PUBLIC_KEY_BYTES) return bytes;
  throw invalid("it is too short");
}

function sharedSecret(
  privateKey: KeyObject,
  publicKey: KeyObject,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
): KeyObject {
  const salt = Buffer.concat([ephemeral, recipient]);
  return createSecretKey(new Uint8Array(hkdfSync("sha256", agree(privateKey, publicKey), salt, INFO, 32)));
}

function agree(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw invalid("its public key is none", cause);
  }
}

function rawPublicKey(publicKey: KeyObject): Uint8Array {
  return Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  try {
    const x = Buffer.from(raw).toString("base64url");
    return createPublicKey({ key: { kty: "OKP", crv: "X25519", x }, format: "jwk" });
  } catch (cause) {
    throw invalid("its public key is none", cause);
  }
}

function invalid(why: string, cause?: unknown): CodedError<RevisionErrorCode> {
  return new CodedError("token_key_transfer_invalid", `the hand-over of token keys cannot be used: ${why}`, { cause });
}
