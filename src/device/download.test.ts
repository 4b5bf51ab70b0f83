// Retries of a download: the last rows of DB 1.6.

import { describe, expect, test } from "vitest";
import { type DeviceFetch, download } from "./download.ts";

/** Answers with the statuses in turn; null is a network failure. */
function respondWith(...statuses: readonly (number | null)[]): { fetch: DeviceFetch; left: (number | null)[] } {
  const left = [...statuses];
  const fetch: DeviceFetch = async () => {
    const status = left.shift() ?? null;
    if (status === null) throw new Error("the network failed");
    return { status, bytes: Uint8Array.of(1) };
  };
  return { fetch, left };
}

describe("DB 1.6, last rows, with three retries", () => {
  test.each<[string, (number | null)[], number | null | "came", number]>([
    ["200", [200], "came", 0],
    ["a status below 400", [304], "came", 0],
    ["404 is not tried again", [404, 200], 404, 1],
    ["5xx three times, then it comes", [500, 503, 500, 200], "came", 0],
    ["5xx four times", [500, 500, 500, 502, 200], 502, 1],
    ["a failing network", [null, null, null, null, 200], null, 1],
    ["429 once, then it comes", [429, 200], "came", 0],
    ["429 twice", [429, 429, 200], 429, 1],
  ])("%s", async (_case, statuses, outcome, unused) => {
    const { fetch, left } = respondWith(...statuses);
    const got = await download(fetch, "https://h/a", 3);
    expect(got).toEqual(
      outcome === "came" ? { bytes: Uint8Array.of(1) } : { failed: { url: "https://h/a", status: outcome } },
    );
    expect(left.length).toBe(unused);
  });
});

test("without retries the first failure is final", async () => {
  const { fetch } = respondWith(503, 200);
  expect(await download(fetch, "https://h/a", 0)).toEqual({ failed: { url: "https://h/a", status: 503 } });
});
