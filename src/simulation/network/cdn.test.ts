// Nodes keep what they may, each for itself.

import { expect, test } from "vitest";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import { createCdn } from "./cdn.ts";
import { getRequest, type NetResponse } from "./network.ts";

const INDEX = "https://keys.example/t/index.txt";
const ARCHIVE = "https://keys.example/t/a.zip";

function make({ nodes = 1, minTtlSeconds = 60 } = {}) {
  const clock = createVirtualClock(1_000_000);
  let asked = 0;
  let status = 200;
  let node = 0;
  const origin = async ({ url }: { readonly url: string }): Promise<NetResponse> => {
    const cacheControl = url.endsWith(".zip") ? "public, max-age=86400, immutable" : "no-cache, max-age=0";
    const headers = { "cache-control": cacheControl, etag: `"${++asked}"` };
    return { status, headers, bytes: new TextEncoder().encode(String(asked)) };
  };
  const random = { bytes: (count: number) => new Uint8Array(count), integer: () => node };
  const cdn = createCdn({ origin, clock, random, nodes, minTtlSeconds });
  const get = async (url: string, headers = {}) => {
    const { bytes, ...answer } = await cdn.host(getRequest(url, headers));
    return { ...answer, text: new TextDecoder().decode(bytes) };
  };
  return {
    clock,
    get,
    counts: cdn.counts,
    answerWith: (next: number) => {
      status = next;
    },
    reach: (next: number) => {
      node = next;
    },
  };
}

test("an index is kept for the least time, an archive for as long as it says", async () => {
  const { clock, get, counts } = make();
  expect((await get(INDEX)).text).toBe("1");
  clock.advance(59);
  expect((await get(INDEX)).text).toBe("1");
  clock.advance(1);
  expect((await get(INDEX)).text).toBe("2");
  expect((await get(ARCHIVE)).text).toBe("3");
  clock.advance(86_399);
  expect((await get(ARCHIVE)).text).toBe("3");
  clock.advance(1);
  expect((await get(ARCHIVE)).text).toBe("4");
  expect(counts).toEqual({ hits: 2, misses: 4 });
});

test("a node that nobody asked knows nothing of what another keeps", async () => {
  const { get, reach } = make({ nodes: 2 });
  expect((await get(INDEX)).text).toBe("1");
  reach(1);
  expect((await get(INDEX)).text).toBe("2");
  reach(0);
  expect((await get(INDEX)).text).toBe("1");
});

test("what is missing is asked for again, and what is known is not sent again", async () => {
  const { get, answerWith } = make();
  answerWith(404);
  expect((await get(ARCHIVE)).status).toBe(404);
  answerWith(200);
  expect((await get(ARCHIVE)).text).toBe("2");
  expect(await get(ARCHIVE, { "if-none-match": '"2"' })).toMatchObject({ status: 304, text: "" });
});
