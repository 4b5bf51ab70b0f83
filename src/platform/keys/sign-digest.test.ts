// Signatures over digests: the published vectors of RFC 6979, and OpenSSL's opinion on many others.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signDigest } from "./sign-digest.ts";

const base64Of = (hex: string) => Buffer.from(hex, "hex").toString("base64url");
const integerOf = (hex: string) => (hex >= "8" ? `022100${hex}` : `0220${hex}`);
const firstPart = (signature: Uint8Array) => Buffer.from(signature).subarray(4, 36).toString("hex");
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest();

describe("the vectors of RFC 6979, A.2.5", () => {
  const privateKey = createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: base64Of("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"),
      x: base64Of("60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"),
      y: base64Of("7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"),
    },
  });

  test.each([
    [
      "sample",
      "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
      "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    ],
    [
      "test",
      "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
      "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
    ],
  ])("message %j", (message, r, s) => {
    const signature = Buffer.from(signDigest(privateKey, sha256(message)))
      .toString("hex")
      .toUpperCase();
    expect(signature.slice(4)).toBe(integerOf(r) + integerOf(s));
  });
});

test("OpenSSL verifies the signature over the original bytes, and over no others", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const signature = signDigest(privateKey, sha256(message));
      expect(verify("sha256", message, publicKey, signature)).toBe(true);
      expect(verify("sha256", Buffer.concat([message, Buffer.of(0)]), publicKey, signature)).toBe(false);
    }),
  );
});

test("digests at and above the order of the curve are signed as well", () => {
  const order = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  for (const digest of [order, Buffer.alloc(32, 255), Buffer.alloc(32, 0)]) {
    expect(signDigest(privateKey, digest).length).toBeLessThanOrEqual(72);
  }
});

test("the same digest gets the same signature, another digest another nonce", () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const first = signDigest(privateKey, sha256("a"));
  expect(signDigest(privateKey, sha256("a"))).toEqual(first);
  expect(firstPart(signDigest(privateKey, sha256("b")))).not.toBe(firstPart(first));
});

test("other keys and other lengths are refused", () => {
  const digest = sha256("a");
  const { privateKey: p384 } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const { privateKey: ed25519 } = generateKeyPairSync("ed25519");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  for (const other of [p384, ed25519, createPublicKey(privateKey)]) {
    expect(() => signDigest(other, digest)).toThrow(expect.objectContaining({ code: "signing_key_unusable" }));
  }
  expect(() => signDigest(privateKey, digest.subarray(1))).toThrow(RangeError);
});
