// Fingerprints are short, and others for other bytes.

import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

test("a fingerprint is the beginning of the SHA-256, in groups of four", () => {
  // SHA-256 of no bytes, and of "abc" (FIPS 180-2).
  expect(fingerprintOf("")).toBe("e3b0 c442 98fc 1c14 9afb f4c8");
  expect(fingerprintOf("YWJj")).toBe("ba78 16bf 8f01 cfea 4141 40de");
});
