// Taking a compact JWS apart: what is not exactly one is refused under a code.

import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { makeAuthority } from "../../../../test/support/certificates.ts";
import { codeOf } from "../../../core/coded-error.ts";
import { MAX_JWS_LENGTH, parseJws } from "./parse-jws.ts";

const authority = makeAuthority();
const good = authority.signJwt({ iss: "a", n: 1 });
const [header = "", payload = "", signature = ""] = good.split(".");
const encode = (text: string | Uint8Array) => Buffer.from(text).toString("base64url");
const withHeader = (text: string) => `${encode(text)}.${payload}.${signature}`;
const withPayload = (text: string | Uint8Array) => `${header}.${encode(text)}.${signature}`;

function codeOfParsing(text: string): string | undefined {
  try {
    parseJws(text);
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
  return undefined;
}

describe("parseJws", () => {
  test("takes what a verification server makes", () => {
    expect(parseJws(good)).toEqual({
      kid: "v1",
      claims: { iss: "a", n: 1 },
      signedText: `${header}.${payload}`,
      signature: Buffer.from(signature, "base64url"),
    });
  });

  test.each([
    ["without a type", { typ: undefined }],
    ["with the type in small letters", { typ: "jwt" }],
    ["with a key of its own, which is not looked at", { jwk: authority.jwk, jku: "https://evil.example" }],
  ])("takes a header %s", (_, changes) => {
    expect(parseJws(authority.signJwt({ iss: "a" }, changes)).kid).toBe("v1");
  });

  test.each([
    ["none", { alg: "none" }],
    ["none in other letters", { alg: "NoNe" }],
    ["a shared secret", { alg: "HS256" }],
    ["RSA", { alg: "RS256" }],
    ["another curve", { alg: "ES384" }],
    ["other letters", { alg: "es256" }],
    ["a list", { alg: ["ES256"] }],
    ["nothing", { alg: undefined }],
  ])("refuses the algorithm %s", (_, changes) => {
    expect(codeOfParsing(authority.signJwt({ iss: "a" }, changes))).toBe("jwt_algorithm_unsupported");
  });

  test.each([
    [{ typ: "at+jwt" }, "jwt_type_unsupported"],
    [{ typ: null }, "jwt_type_unsupported"],
    [{ crit: ["exp"] }, "jwt_critical_unsupported"],
    [{ crit: [] }, "jwt_critical_unsupported"],
    [{ crit: null }, "jwt_critical_unsupported"],
    [{ kid: undefined }, "jwt_kid_missing"],
    [{ kid: "" }, "jwt_kid_missing"],
    [{ kid: 1 }, "jwt_kid_missing"],
    [{ kid: null }, "jwt_kid_missing"],
  ])("refuses the header with %j", (changes, code) => {
    expect(codeOfParsing(authority.signJwt({ iss: "a" }, changes))).toBe(code);
  });

  test.each([
    ["nothing", ""],
    ["two segments", `${header}.${payload}`],
    ["four segments", `${good}.`],
    ["five segments, as encrypted ones have", `${good}.a.b`],
    ["an empty header", `.${payload}.${signature}`],
    ["an empty payload", `${header}..${signature}`],
    ["an empty signature", `${header}.${payload}.`],
    ["a signature one byte short", `${header}.${payload}.${encode(new Uint8Array(63))}`],
    ["a signature one byte long", `${header}.${payload}.${encode(new Uint8Array(65))}`],
    ["a signature in DER", `${header}.${payload}.${encode(new Uint8Array(71))}`],
    ["padding", `${good}==`],
    ["a blank before it", ` ${good}`],
    ["a line break behind it", `${good}\n`],
    ["the standard alphabet", `${header}.${payload}.${"+/".repeat(43)}`],
    ["a letter that is none", `${header}.${payload}.${"é".repeat(86)}`],
    ["a header that is no JSON", withHeader("{")],
    ["a header that is a list", withHeader("[]")],
    ["a header that is null", withHeader("null")],
    ["a header with a member twice", withHeader('{"alg":"none","alg":"ES256","kid":"v1"}')],
    ["a header with a member twice, once in escapes", withHeader('{"alg":"ES256","kid":"v2","k\\u0069d":"v1"}')],
    ["a payload that is a text", withPayload('"a"')],
    ["a payload that is a number", withPayload("1")],
    ["a payload with two values", withPayload("{} {}")],
    ["a payload with a byte order mark", withPayload("\uFEFF{}")],
    ["a payload that is no UTF-8", withPayload(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d))],
    ["a payload with a member twice", withPayload('{"iss":"a","iss":"b"}')],
    ["a payload with a member twice further in", withPayload('{"a":[{"b":1,"b":2}]}')],
    ["a payload of brackets", withPayload("[".repeat(5_000))],
  ])("refuses %s", (_, text) => {
    expect(codeOfParsing(text)).toBe("jwt_malformed");
  });

  test("refuses what is too large, however well made", () => {
    const large = authority.signJwt({ iss: "a", filler: "x".repeat(MAX_JWS_LENGTH) });
    expect(codeOfParsing(large)).toBe("jwt_too_large");
    expect(codeOfParsing("A".repeat(50_000_000))).toBe("jwt_too_large");
  });
});
