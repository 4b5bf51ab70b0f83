// export.sig: written, read, limited.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CodedError } from "../core/coded-error.ts";
import { decodeSignatures, encodeSignatures } from "./signature-list.ts";

const INFO = { keyId: "999", keyVersion: "v1", algorithm: "1.2.840.10045.4.3.2" };
const ENTRY = { info: INFO, batchNum: 1, batchSize: 1, signature: Uint8Array.of(1, 2, 3) };

function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(" ", ""), "hex");
}

test("a list is read back as it was written", () => {
  const second = { ...ENTRY, info: { ...INFO, keyId: null }, batchNum: null };
  expect(decodeSignatures(encodeSignatures([ENTRY, second]), 2)).toEqual([ENTRY, second]);
  expect(decodeSignatures(new Uint8Array(0), 2)).toEqual([]);
});

test("more signatures than allowed are refused", () => {
  expect(() => decodeSignatures(encodeSignatures([ENTRY, ENTRY, ENTRY]), 2)).toThrow(
    expect.objectContaining({ code: "archive_signature_list_damaged" }),
  );
});

test("an info that is there twice is merged, as protobuf demands", () => {
  const [signature] = decodeSignatures(fromHex("0a0d 0a06 1a0131 220141 0a03 220142"), 1);
  expect(signature?.info).toEqual({ keyId: "B", keyVersion: "1", algorithm: null });
});

test("a signature does not keep the bytes that it was read from", () => {
  const bytes = Buffer.from(encodeSignatures([ENTRY]));
  const [signature] = decodeSignatures(bytes, 1);
  bytes.fill(0);
  expect(signature?.signature).toEqual(ENTRY.signature);
});

test("bytes of any kind give a list or a coded error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        expect(decodeSignatures(bytes, 8).length).toBeLessThanOrEqual(8);
      } catch (error) {
        expect(error).toBeInstanceOf(CodedError);
      }
    }),
  );
});
