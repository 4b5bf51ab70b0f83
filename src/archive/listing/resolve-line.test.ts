// Lines of an index never lead out of the base URL.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveLine } from "./resolve-line.ts";

describe("a usable line", () => {
  test.each([
    ["https://h.example/folder/a/b", "c/x.zip"],
    ["https://h.example/folder/a/b", "/c/x.zip"],
    ["https://h.example/folder/a/b", "//c/x.zip"],
    ["https://h.example/folder/a/b/", "c/x.zip"],
    ["https://h.example/folder/a/b/", "//c/x.zip"],
  ])("%s and %s meet with one slash (KS 7.2)", (base, line) => {
    const url = "https://h.example/folder/a/b/c/x.zip";
    expect(resolveLine(base, line)).toEqual({ line: "c/x.zip", url });
  });

  test("resolves against a bare host", () => {
    expect(resolveLine("http://h.example:8080", "x.zip")).toEqual({
      line: "x.zip",
      url: "http://h.example:8080/x.zip",
    });
  });

  test("keeps the query of the base, which may be an access token", () => {
    const url = "https://h.example/a/x.zip?sig=1";
    expect(resolveLine("https://h.example/a?sig=1", "x.zip")).toEqual({ line: "x.zip", url });
  });

  test("may have dots in a name", () => {
    expect(resolveLine("https://h.example", "a..b.zip")).toHaveProperty("url", "https://h.example/a..b.zip");
  });
});

describe("I16: a line is refused by itself", () => {
  test.each([
    ["../x.zip", "line_leaves_base"],
    ["a/../../x.zip", "line_leaves_base"],
    ["a/%2E%2e/x.zip", "line_leaves_base"],
    ["./x.zip", "line_leaves_base"],
    ["a%2f..%2fx.zip", "line_leaves_base"],
    ["https://other.example/x.zip", "line_absolute_url"],
    ["/file:///etc/passwd", "line_absolute_url"],
    ["x.zip?y", "line_query"],
    ["x.zip#y", "line_query"],
    ["a\\x.zip", "line_backslash"],
    ["Service Unavailable", "line_characters"],
    ["x\u0000.zip", "line_characters"],
    ["\u00e4.zip", "line_characters"],
    ["///", "line_characters"],
    ["x".repeat(1_001), "line_too_long"],
  ])("%s", (line, refused) => {
    expect(resolveLine("https://h.example/base", line)).toEqual({ line: line.slice(0, 1_000), refused });
  });

  test("whatever it says, the URL stays below the base on the same host", () => {
    const pieces = fc.constantFrom("..", "/", "%2e", "%2f", "\\", "a", ".zip", "?", "#", ":", "//", "@", "%", "\t");
    const lines = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(lines, (line) => {
        const resolved = resolveLine("https://h.example/base/", line);
        if ("refused" in resolved) return;
        const url = new URL(resolved.url);
        expect(url.origin).toBe("https://h.example");
        expect(url.href.startsWith("https://h.example/base/")).toBe(true);
        expect(decodeBytes(url.pathname).split("/")).not.toContain("..");
        expect(resolveLine("https://h.example/base", resolved.line)).toEqual(resolved);
      }),
    );
  });
});

/** As a server decodes a path that need not be UTF-8: each escape is one byte, "%aa" too. */
function decodeBytes(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
}
