// Which arrays are given back at once.

import { expect, test } from "vitest";
import { releaseBytes } from "./release-bytes.ts";

test("large bytes are gone, with all views of them", () => {
  const bytes = new Uint8Array(2_000_000).fill(7);
  const view = bytes.subarray(1_000, 2_000);
  releaseBytes(view);
  expect(bytes).toHaveLength(0);
  expect(view).toHaveLength(0);
});

test("bytes in a small buffer stay, since it may be everybody's", () => {
  const pooled = Buffer.from("of Node's pool");
  releaseBytes(pooled);
  expect(pooled.toString()).toBe("of Node's pool");
});

test("to release twice does nothing more", () => {
  const bytes = new Uint8Array(2_000_000);
  releaseBytes(bytes);
  expect(() => releaseBytes(bytes)).not.toThrow();
});
