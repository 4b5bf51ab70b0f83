// An index is told from the pages that servers answer in its place.

import { describe, expect, test } from "vitest";
import { readTextIndex } from "./read-text-index.ts";

describe("readTextIndex", () => {
  test("takes LF and CRLF, blank lines, a byte order mark and a missing final line end", () => {
    expect(read("\ufeffa.zip\r\n\r\n  b.zip \nc.zip")).toEqual(["a.zip", "b.zip", "c.zip"]);
  });

  test("an empty body has no lines", () => {
    expect(read("")).toEqual([]);
    expect(read(" \n\n")).toEqual([]);
  });

  test.each(["text/plain", "application/octet-stream", null])("the content type may be %s", (contentType) => {
    expect(read("a.zip", contentType)).toEqual(["a.zip"]);
  });

  test.each(["text/html", "TEXT/HTML; charset=utf-8", "application/xhtml+xml"])(
    "I4: a body of type %s is no index",
    (contentType) => {
      expect(() => read("a.zip", contentType)).toThrow(expect.objectContaining({ code: "index_html" }));
    },
  );

  test.each(["<!doctype html><p>404", "\n  <html>", '{"error":"no"}', '["a.zip"]'])(
    "I4: %j is no index whatever its type",
    (body) => {
      expect(() => read(body)).toThrow(expect.objectContaining({ code: "index_html" }));
    },
  );

  test.each([
    ["not UTF-8", Uint8Array.of(0x61, 0xff, 0x62)],
    ["with zero bytes", Uint8Array.of(0x61, 0x00, 0x0a, 0x00)],
  ])("a body that is %s is no index", (_, bytes) => {
    const act = () => readTextIndex({ bytes, contentType: "text/plain" });
    expect(act).toThrow(expect.objectContaining({ code: "index_not_text" }));
  });
});

function read(body: string, contentType: string | null = "text/plain"): string[] {
  return readTextIndex({ bytes: new TextEncoder().encode(body), contentType });
}
