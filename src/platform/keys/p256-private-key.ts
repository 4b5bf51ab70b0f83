// Making, reading and showing private keys on P-256.

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { CodedError } from "../../core/coded-error.ts";
import type { SigningKeyErrorCode } from "./signing-keys.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Whether `name` can be a file name on every system. */
export function isSigningKeyName(name: string): boolean {
  return NAME.test(name);
}

/** Throws `signing_key_name_invalid` for what cannot be the name of one. */
export function requireSigningKeyName(name: string): void {
  if (isSigningKeyName(name)) return;
  throw signingKeyError("signing_key_name_invalid", name, "is not a usable name", {
    remedy: "Use up to 100 letters, digits, dots, dashes and underscores, beginning with a letter or digit.",
  });
}

export async function generateP256Key(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  return privateKey;
}

/** Reads PKCS#8 (or SEC1) in PEM; throws `signing_key_unusable` unless it is a private key on P-256. */
export function parseP256PrivateKey(name: string, pem: string): KeyObject {
  let parsed: KeyObject;
  try {
    parsed = createPrivateKey(pem);
  } catch (cause) {
    throw signingKeyError("signing_key_unusable", name, "is not a private key in PEM", { cause });
  }
  if (parsed.asymmetricKeyType !== "ec" || parsed.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw signingKeyError("signing_key_unusable", name, "is not on the curve P-256");
  }
  return parsed;
}

export function privateKeyPem(privateKey: KeyObject): string {
  return privateKey.export({ type: "pkcs8", format: "pem" });
}

export function publicKeyPemOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" });
}

export function signingKeyError(
  code: SigningKeyErrorCode,
  name: string,
  what: string,
  details: { readonly cause?: unknown; readonly remedy?: string } = {},
): CodedError<SigningKeyErrorCode> {
  return new CodedError(code, `The signing key ${JSON.stringify(name.slice(0, 100))} ${what}.`, details);
}
