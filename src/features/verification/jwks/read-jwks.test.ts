// What is read out of a JWKS, and what of it is passed over.

import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../../../test/support/certificates.ts";
import { codeOf } from "../../../core/coded-error.ts";
import { readJwks } from "./read-jwks.ts";

const first = makeAuthority("a", "k1");
const second = makeAuthority("a", "k2");
const listed = (...authorities: (typeof first)[]) =>
  authorities.map(({ kid, publicKeyPem }) => ({ version: kid, publicKeyPem }));
const read = (value: unknown) => readJwks(new TextEncoder().encode(JSON.stringify(value)));

function codeOfReading(text: string | Uint8Array): string | undefined {
  try {
    readJwks(typeof text === "string" ? new TextEncoder().encode(text) : text);
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
  return undefined;
}

describe("readJwks", () => {
  test("KS J5: takes a bare list, and the standard object", () => {
    for (const value of [[first.jwk, second.jwk], { keys: [first.jwk, second.jwk], more: 1 }]) {
      expect(read(value)).toEqual({ listed: listed(first, second), ignored: [] });
    }
  });

  test("takes keys that do not say what they are for, and one that is listed twice", () => {
    const { use: _use, alg: _alg, ...bare } = first.jwk;
    expect(read([bare, first.jwk, { ...second.jwk, key_ops: ["verify"] }]).listed).toEqual(listed(first, second));
  });

  test("takes none from an empty list", () => {
    expect(read([])).toEqual({ listed: [], ignored: [] });
    expect(read({ keys: [] })).toEqual({ listed: [], ignored: [] });
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 }).publicKey.export({ format: "jwk" });
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" });
  test.each([
    ["RSA", { ...rsa, kid: "k3" }, "jwk_not_p256"],
    ["another curve", { ...p384, kid: "k3" }, "jwk_not_p256"],
    ["a curve that only says so", { ...p384, crv: "P-256", kid: "k3" }, "jwk_point_invalid"],
    ["a secret", { kty: "oct", k: "AAAA", kid: "k3" }, "jwk_not_p256"],
    ["for encryption", { ...second.jwk, use: "enc" }, "jwk_not_for_signatures"],
    ["for signing only", { ...second.jwk, key_ops: ["sign"] }, "jwk_not_for_signatures"],
    ["for another algorithm", { ...second.jwk, alg: "ES384" }, "jwk_not_for_signatures"],
    ["without kid", { ...second.jwk, kid: undefined }, "jwk_kid_unusable"],
    ["with a number for kid", { ...second.jwk, kid: 2 }, "jwk_kid_unusable"],
    ["with an empty kid", { ...second.jwk, kid: "" }, "jwk_kid_unusable"],
    ["with a kid that no column holds", { ...second.jwk, kid: "a\0" }, "jwk_kid_unusable"],
    ["with half a character for kid", { ...second.jwk, kid: "\uD800" }, "jwk_kid_unusable"],
    ["with a long kid", { ...second.jwk, kid: "k".repeat(101) }, "jwk_kid_unusable"],
    ["with its private half", { ...second.jwk, d: "AAAA" }, "jwk_private_key_exposed"],
    ["off the curve", { ...second.jwk, x: first.jwk["x"] }, "jwk_point_invalid"],
    ["without a coordinate", { ...second.jwk, y: undefined }, "jwk_point_invalid"],
    ["with a number for a coordinate", { ...second.jwk, y: 5 }, "jwk_point_invalid"],
    ["that is null", null, "jwk_not_p256"],
    ["that is a list", [], "jwk_not_p256"],
    ["that is a text", "key", "jwk_not_p256"],
  ])("KS J5: passes over a key %s and takes the others", (_, entry, reason) => {
    const { listed: found, ignored } = read([entry, first.jwk]);
    expect(found).toEqual(listed(first));
    expect(ignored).toEqual([{ version: expect.any(String), reason }]);
  });

  test("refuses two keys with one kid, of which nobody knows which is meant", () => {
    expect(codeOfReading(JSON.stringify([first.jwk, { ...second.jwk, kid: "k1" }]))).toBe("jwks_ambiguous");
  });

  test.each([
    ["nothing", ""],
    ["a page", "<!DOCTYPE html>"],
    ["half an answer", JSON.stringify([first.jwk]).slice(0, -10)],
    ["an object without keys", "{}"],
    ["one key", JSON.stringify(first.jwk)],
    ["keys that are no list", '{"keys":{}}'],
    ["null", "null"],
    ["more keys than anybody has", JSON.stringify(Array.from({ length: 101 }, () => first.jwk))],
    ["no UTF-8", Uint8Array.of(0x5b, 0xff, 0x5d)],
  ])("refuses %s", (_, text) => {
    expect(codeOfReading(text)).toBe("jwks_unreadable");
  });

  test("answers for anything, and lists only what has a usable kid", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.constantFrom(...Object.keys(first.jwk), "d"), fc.jsonValue())),
        (entries) => {
          const mixed = entries.map((entry) => ({ ...first.jwk, ...entry }));
          for (const value of [entries, { keys: mixed }]) {
            const code = codeOfReading(JSON.stringify(value));
            expect([undefined, "jwks_ambiguous"]).toContain(code);
            if (code === undefined)
              for (const { version } of read(value).listed) expect(version).toMatch(/^.{1,100}$/su);
          }
        },
      ),
    );
  });
});
