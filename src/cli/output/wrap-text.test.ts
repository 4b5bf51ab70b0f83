// Lines for people on screens of any width.

import { styleText } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitLine, visibleLength } from "./fit-line.ts";
import { textWidth, wrapText } from "./wrap-text.ts";

const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });

describe("a wrapped text", () => {
  test("stands behind what comes first", () => {
    expect(wrapText("one two three four", 13, "> ")).toBe("> one two\n  three four\n");
  });

  test("fits, and has every word in order", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 14, max: 80 }), (given, width) => {
        const text = wrapText(given.join(" "), width);
        for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(width);
        expect(text.trim().split(/\s+/)).toEqual(given);
      }),
    );
  });

  test("is at most 80 columns wide, and narrower on a narrow screen", () => {
    expect([undefined, 200, 60].map(textWidth)).toEqual([80, 80, 60]);
  });
});

describe("a line that must not wrap", () => {
  test("loses its end, and no style goes on behind it", () => {
    const line = styleText("red", "abcdef", { validateStream: false });
    expect(fitLine("abcdef", 6)).toBe("abcdef");
    expect(fitLine("abcdef", 4)).toBe("abc…");
    expect(fitLine(line, 4)).toBe("\u001B[31mabc\u001B[39m…\u001B[0m");
  });

  test("fits any screen", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]{0,20}$/)), fc.nat(40), (parts, width) => {
        const line = parts.map((part) => styleText("bold", part, { validateStream: false })).join("");
        expect(visibleLength(fitLine(line, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
