// The HMAC over exposure keys, by the vectors of KS 4.4.

import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { macOfKeys, makeRequest } from "../../../test/support/certificates.ts";
import { matchesMac } from "./keys-mac.ts";

const hmacKey = Uint8Array.from({ length: 16 }, (_, at) => at + 1);

function vectorKeys(first: number, second: number) {
  return [
    { key: "z2Cx9hdz2SlxZ8GEgqTYpA==", rollingStartNumber: 1, rollingPeriod: 144, transmissionRisk: first },
    { key: "dPCphLzfG4uzXneNimkPRQ==", rollingStartNumber: 144, rollingPeriod: 144, transmissionRisk: second },
  ];
}

const base64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const WITH_RISKS = base64("2u1nHt5WWurJytFLF3xitNzM99oNrad2y4YGOL53AeY=");
const WITH_RISKS_OF_ZERO = base64("mFNI9zhTA17n4ndd1Vu5tsn4XQX0gPrIKyjeh/9noUE=");
const WITHOUT_RISKS = base64("J9S7xVebH/66dm14wGsIcAnSUR3PHD4NtDQEOGZbDUo=");

describe("matchesMac", () => {
  test("risks 3 and 5: only the form with risks", () => {
    const request = { keys: vectorKeys(3, 5), hmacKey };
    expect(matchesMac(WITH_RISKS, request)).toBe(true);
    expect(matchesMac(WITHOUT_RISKS, request)).toBe(false);
    expect(matchesMac(WITH_RISKS_OF_ZERO, request)).toBe(false);
  });

  test("risks 0 and 0: either form", () => {
    const request = { keys: vectorKeys(0, 0), hmacKey };
    expect(matchesMac(WITH_RISKS_OF_ZERO, request)).toBe(true);
    expect(matchesMac(WITHOUT_RISKS, request)).toBe(true);
    expect(matchesMac(WITH_RISKS, request)).toBe(false);
  });

  test("one risk that is not 0: not the form without", () => {
    const request = { keys: vectorKeys(0, 5), hmacKey };
    expect(matchesMac(base64(macOfKeys(request, "no-risks")), request)).toBe(false);
    expect(matchesMac(base64(macOfKeys(request)), request)).toBe(true);
  });

  test("KS P12: any order in the request will do, and the request keeps it", () => {
    const keys = Object.freeze(vectorKeys(3, 5).reverse());
    const before = structuredClone(keys);
    expect(matchesMac(WITH_RISKS, { keys, hmacKey })).toBe(true);
    expect(keys).toEqual(before);
  });

  test("any change of a key, of its numbers or of the HMAC key is noticed", () => {
    const request = makeRequest(14);
    const mac = base64(macOfKeys(request));
    expect(matchesMac(mac, request)).toBe(true);
    const field = fc.constantFrom("rollingStartNumber", "rollingPeriod", "transmissionRisk");
    fc.assert(
      fc.property(fc.nat(13), field, fc.integer({ min: 1, max: 100 }), (at, name, change) => {
        const keys = request.keys.map((one, index) => (index === at ? { ...one, [name]: one[name] + change } : one));
        expect(matchesMac(mac, { ...request, keys })).toBe(false);
      }),
    );
    expect(matchesMac(mac, { ...request, keys: request.keys.slice(1) })).toBe(false);
    expect(matchesMac(mac, { ...request, keys: [...request.keys, ...makeRequest(1).keys] })).toBe(false);
    expect(matchesMac(mac, { ...request, hmacKey: new Uint8Array(16) })).toBe(false);
    expect(matchesMac(mac, { ...request, keys: request.keys.map((one) => ({ ...one, key: `${one.key}=` })) })).toBe(
      false,
    );
  });

  test("an HMAC key may have any length, none included", () => {
    for (const length of [0, 1, 64, 1_000]) {
      const request = { ...makeRequest(), hmacKey: new Uint8Array(length) };
      expect(matchesMac(base64(macOfKeys(request)), request)).toBe(true);
    }
  });

  test("no keys, or an HMAC of another length, never match", () => {
    expect(matchesMac(base64(macOfKeys({ keys: [], hmacKey })), { keys: [], hmacKey })).toBe(false);
    const request = makeRequest();
    for (const length of [0, 31, 33]) expect(matchesMac(new Uint8Array(length), request)).toBe(false);
  });
});
