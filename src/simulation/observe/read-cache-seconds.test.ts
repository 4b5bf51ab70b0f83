// Caches are understood as they read headers themselves.

import { expect, test } from "vitest";
import { readCacheSeconds } from "./read-cache-seconds.ts";

test.each([
  ["no-cache, max-age=0", 0],
  ["no-cache, max-age=60", 0],
  ["no-store", 0],
  ["public, max-age=86400, immutable", 86_400],
  ["Public, Max-Age=30", 30],
  ["public, max-age=10, s-maxage=600", 600],
  ["", 0],
])("caches may keep %j for %d seconds", (header, seconds) => {
  expect(readCacheSeconds(header)).toBe(seconds);
});
