// Redirects may go up to https, and never down from it.

import { expect, test } from "vitest";
import { parseFetchUrl } from "./checked-url.ts";

test.each([
  ["https://a.example/x", "http://b.example/x"],
  ["https://a.example/x", "http://a.example/x"],
])("from %s to %s is refused", (from, to) => {
  expect(() => parseFetchUrl(to, false, new URL(from))).toThrow(expect.objectContaining({ code: "fetch_url_invalid" }));
});

test.each([
  ["http://a.example/x", "https://b.example/y", "https://b.example/y"],
  ["https://a.example/x/1", "2", "https://a.example/x/2"],
  ["http://a.example/x/1", "//b.example/2", "http://b.example/2"],
])("from %s to %s leads to %s", (from, to, url) => {
  expect(parseFetchUrl(to, false, new URL(from)).href).toBe(url);
});
