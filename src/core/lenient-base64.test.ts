// Lenient base64: everything that the reference server takes, and nothing else.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLenientBase64 } from "./lenient-base64.ts";

describe("decodeLenientBase64", () => {
  test("takes both alphabets, with, without and with too much padding", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), (bytes, extra) => {
        for (const alphabet of ["base64", "base64url"] as const) {
          const text = bytes.toBase64({ alphabet });
          expect(decodeLenientBase64(text)).toEqual(bytes);
          expect(decodeLenientBase64(text.replaceAll("=", ""))).toEqual(bytes);
          expect(decodeLenientBase64(text + "=".repeat(extra))).toEqual(bytes);
        }
      }),
    );
  });

  test.each([
    ["both alphabets in one text", "-_+/", [0xfb, 0xff, 0xbf]],
    ["line breaks", "AQ\r\nID\n", [1, 2, 3]],
    ["bits behind the last byte", "AR", [1]],
    ["no text", "", []],
    ["padding alone", "===", []],
  ])("takes %s", (_, text, bytes) => {
    expect(decodeLenientBase64(text)).toEqual(Uint8Array.from(bytes));
  });

  test.each([
    ["a single character", "A"],
    ["a single character more", "AQIDB"],
    ["padding inside", "AQ==ID"],
    ["blanks", "AQ ID"],
    ["tabs", "AQ\tID"],
    ["padding before a line break", "AQ==\n"],
    ["other characters", "AQI*"],
    ["letters that look alike", "АQID"],
    ["NUL", "AQID\0"],
  ])("refuses %s", (_, text) => {
    expect(decodeLenientBase64(text)).toBeNull();
  });

  test("answers for every text, in linear time", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void decodeLenientBase64(text)));
    expect(decodeLenientBase64(`${"=".repeat(1_000_000)}A`)).toBeNull();
  });
});
