// The HMAC of an upload: the reference's vectors, and properties of the order.

import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { macOfUpload, sentKeysOf } from "./upload-mac.ts";

const SECRET = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const FIRST = { keyData: Uint8Array.fromBase64("z2Cx9hdz2SlxZ8GEgqTYpA=="), rollingStart: 1, rollingPeriod: 144 };
const SECOND = { keyData: Uint8Array.fromBase64("dPCphLzfG4uzXneNimkPRQ=="), rollingStart: 144, rollingPeriod: 144 };

const anyUploadKey = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStart: fc.integer({ min: 0, max: 0x7fff_ffff }),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRisk: fc.integer({ min: 0, max: 8 }),
});
const anyKeys = fc.uniqueArray(anyUploadKey, {
  minLength: 1,
  maxLength: 30,
  selector: ({ keyData }) => keyData.toHex(),
});

describe("the HMAC", () => {
  test("is that of the vectors of KS 4.4", () => {
    const withRisks = [
      { ...FIRST, transmissionRisk: 3 },
      { ...SECOND, transmissionRisk: 5 },
    ];
    expect(macOfUpload(withRisks, SECRET)).toBe("2u1nHt5WWurJytFLF3xitNzM99oNrad2y4YGOL53AeY=");
    expect(macOfUpload([FIRST, SECOND], SECRET)).toBe("mFNI9zhTA17n4ndd1Vu5tsn4XQX0gPrIKyjeh/9noUE=");
  });

  test("does not depend on the order of the keys", () => {
    fc.assert(
      fc.property(anyKeys, fc.uint8Array({ maxLength: 64 }), (keys, secret) => {
        expect(macOfUpload(keys.toReversed(), secret)).toBe(macOfUpload(keys, secret));
      }),
    );
  });

  test("is over the keys in the order in which they are sent", () => {
    fc.assert(
      fc.property(anyKeys, (keys) => {
        const sent = sentKeysOf(keys);
        const bytes = sent.map(({ key }) => Buffer.from(key, "latin1"));
        expect(bytes).toEqual(bytes.toSorted((left, right) => Buffer.compare(left, right)));
        const text = sent.map((one) => Object.values(one).join(".")).join(",");
        expect(macOfUpload(keys, SECRET)).toBe(createHmac("sha256", SECRET).update(text).digest("base64"));
      }),
    );
  });
});

describe("keys that no server takes are refused:", () => {
  test.each([
    ["none", []],
    ["one twice", [FIRST, { ...FIRST, rollingStart: 2 }]],
    ["15 bytes", [{ ...FIRST, keyData: new Uint8Array(15) }]],
    ["a period of 145", [FIRST, { ...SECOND, rollingPeriod: 145 }]],
    ["a period of 0", [{ ...FIRST, rollingPeriod: 0 }]],
    ["half an interval", [{ ...FIRST, rollingStart: 1.5 }]],
    ["a risk of 9", [{ ...FIRST, transmissionRisk: 9 }]],
  ])("%s", (_, keys) => {
    expect(() => sentKeysOf(keys)).toThrow(expect.objectContaining({ code: "upload_invalid" }));
  });
});
