// Index text: read leniently, written strictly.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readIndexText, writeIndexText } from "./index-text.ts";

describe("reading an index", () => {
  test.each([
    ["line feeds", "a.zip\nb.zip"],
    ["a final line end", "a.zip\nb.zip\n"],
    ["carriage returns", "a.zip\r\nb.zip\r\n"],
    ["blank lines", "\n\na.zip\n \n\r\nb.zip\n\n"],
    ["spaces and tabs", "  a.zip\t\n b.zip "],
    ["a byte order mark and zero-width characters", "\uFEFFa.zip\u200B\n\u2060b.zip\u00A0"],
  ])("tolerates %s", (_what, text) => {
    expect(readIndexText(text)).toEqual(["a.zip", "b.zip"]);
  });

  test("keeps what stands inside a line, and characters beyond the first plane", () => {
    expect(readIndexText(" a b.zip \n😀.zip😀")).toEqual(["a b.zip", "😀.zip😀"]);
  });

  test.each(["", "\n", " \r\n\t\n\uFEFF"])("finds no line in %j", (text) => {
    expect(readIndexText(text)).toEqual([]);
  });

  test("takes linear time for a line full of spaces", () => {
    const line = `a${" ".repeat(200_000)}b`;
    expect(readIndexText(line)).toEqual([line]);
  });
});

describe("writing an index", () => {
  test("joins by line feeds, without a final one", () => {
    expect(writeIndexText(["x/1-2-00001.zip", "x/2-3-00001.zip"])).toBe("x/1-2-00001.zip\nx/2-3-00001.zip");
    expect(writeIndexText([])).toBe("");
  });

  test.each([
    "",
    " ",
    "a b.zip",
    "a.zip ",
    "a.zip\n",
    "a.zip\r",
    "/a.zip",
    "//host/a.zip",
    "https://host/a.zip",
    "FILE:a.zip",
    "ä.zip",
    "\u007f.zip",
    "../a.zip",
    "x/../a.zip",
  ])("refuses the line %j", (line) => {
    expect(() => writeIndexText(["good.zip", line])).toThrow(expect.objectContaining({ code: "index_line_invalid" }));
  });

  test("refuses a line that is there twice", () => {
    expect(() => writeIndexText(["a.zip", "b.zip", "a.zip"])).toThrow(
      expect.objectContaining({ code: "index_line_invalid" }),
    );
  });

  test("is read back as it was", () => {
    const lines = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{1,9}\/[0-9]{1,9}-[0-9]{1,9}-00001\.zip$/));
    fc.assert(
      fc.property(lines, (written) => {
        expect(readIndexText(writeIndexText(written))).toEqual(written);
      }),
    );
  });
});
