// A statement opens under its key and kind, and under nothing else.

import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  makeStatementKey,
  openStatement,
  parseStatement,
  readStatementKey,
  signStatement,
} from "./signed-statement.ts";

const KEY = makeStatementKey();
const STATEMENT = { kind: "coverage", verdict: "proven", name: "Île" };
const coded = (code: string) => expect.objectContaining({ code });

describe("a signed statement", () => {
  const envelope = signStatement("coverage", STATEMENT, KEY);

  test("opens under its key and kind, also after a way through a file", () => {
    const read = parseStatement(JSON.stringify(envelope));
    expect(openStatement("coverage", read, KEY.publicPem)).toEqual(STATEMENT);
  });

  test("does not open under another key", () => {
    expect(() => openStatement("coverage", envelope, makeStatementKey().publicPem)).toThrow(
      coded("statement_signature_invalid"),
    );
  });

  test("does not open as another kind, whatever it says of itself", () => {
    expect(() => openStatement("bundle", envelope, KEY.publicPem)).toThrow(coded("statement_of_other_kind"));
    const renamed = { ...envelope, payloadType: signStatement("bundle", {}, KEY).payloadType };
    expect(() => openStatement("bundle", renamed, KEY.publicPem)).toThrow(coded("statement_signature_invalid"));
  });

  test("does not open with any byte changed", () => {
    const payload = Buffer.from(envelope.payload, "base64");
    for (let at = 0; at < payload.length; at++) {
      const changed = Buffer.from(payload);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const forged = { ...envelope, payload: changed.toString("base64") };
      expect(() => openStatement("coverage", forged, KEY.publicPem)).toThrow(coded("statement_signature_invalid"));
    }
  });
});

describe("what is no statement", () => {
  test.each(["", "[]", "null", '{"payload":"","payloadType":"x","signatures":[{}]}'])("%j", (text) => {
    expect(() => parseStatement(text)).toThrow(coded("statement_unreadable"));
  });
});

describe("a key", () => {
  test("comes back from its PEM with the same fingerprint", () => {
    expect(readStatementKey(KEY.privatePem).fingerprint).toBe(KEY.fingerprint);
  });

  test("of an export is refused", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" });
    expect(() => readStatementKey(pem)).toThrow(coded("statement_key_invalid"));
    expect(() => readStatementKey("nonsense")).toThrow(coded("statement_key_invalid"));
  });
});
