// The object server over real HTTP: what it serves, how, and what it refuses.

import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CodedError } from "../../core/coded-error.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { createMemoryBlobs } from "../blobs/memory-blobs.ts";
import { headersOf } from "../blobs/object-headers.ts";
import type { ReportedEvent } from "../observe/report.ts";
import { type ObjectServer, type ObjectServerOptions, startObjectServer } from "./object-server.ts";

let blobs: BlobStore;
let server: ObjectServer;
let reported: ReportedEvent[];

function start(options: Partial<ObjectServerOptions> = {}): Promise<ObjectServer> {
  return startObjectServer({
    blobs,
    host: "127.0.0.1",
    port: 0,
    report: (event) => reported.push(event),
    isPublic: (name) => name.startsWith("state/"),
    requestTimeoutMilliseconds: 60_000,
    ...options,
  });
}

beforeEach(async () => {
  reported = [];
  blobs = createMemoryBlobs();
  for (const [name, content] of Object.entries({
    "state/index.txt": "state/1.zip\nstate/2.zip",
    "state/1.zip": "0123456789",
    "private/plan.txt": "secret",
  })) {
    await blobs.put(name, Buffer.from(content), headersOf(name));
  }
  server = await start();
});
afterEach(() => server.close());

const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}/${path}`, init);

/** Sends these bytes as they are and answers everything that comes back. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  return text(socket);
}

test.each([
  ["Host", "Host: a.example\r\nhost: b.example"],
  ["Host of the same value", "Host: a.example\r\nHost: a.example"],
  ["Range", "Host: a\r\nRange: bytes=0-1\r\nRange: bytes=2-3"],
  ["X-Chaff", "Host: a\r\nX-Chaff: 1\r\nX-Chaff: "],
])("a request with two headers is malformed: %s", async (_, headers) => {
  const answer = await exchange(`GET /state/index.txt HTTP/1.1\r\n${headers}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain("request_malformed");
});

test("a header that may be repeated is taken", async () => {
  const headers = "Host: a\r\nAccept: a\r\nAccept: b\r\nConnection: close";
  expect(await exchange(`GET /state/index.txt HTTP/1.1\r\n${headers}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
});

describe("objects", () => {
  test("an archive comes with its type, may be kept for a day and never changes", async () => {
    const response = await get("state/1.zip");
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("0123456789");
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/zip",
      "content-length": "10",
      "cache-control": "public, max-age=86400, immutable",
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
    });
  });

  test("an index is plain text and asked for anew each time", async () => {
    const response = await get("state/index.txt");
    expect(await response.text()).toBe("state/1.zip\nstate/2.zip");
    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(response.headers.get("cache-control")).toBe("no-cache, max-age=0");
  });

  test("HEAD says the same without the body", async () => {
    const [head, whole] = [await get("state/1.zip", { method: "HEAD" }), await get("state/1.zip")];
    expect(await head.text()).toBe("");
    expect(head.status).toBe(200);
    for (const name of ["content-length", "content-type", "etag", "cache-control"]) {
      expect(head.headers.get(name)).toBe(whole.headers.get(name));
    }
  });

  test("escapes in a path and a query do not matter", async () => {
    expect(await (await get("state/%31.zip?cache=no")).text()).toBe("0123456789");
  });

  test("an empty object is served as such", async () => {
    await blobs.put("state/empty.txt", new Uint8Array(0), headersOf("state/empty.txt"));
    const response = await get("state/empty.txt");
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([200, "0", ""]);
  });

  test("other headers can be chosen", async () => {
    await server.close();
    server = await start({ headersOf: () => ({ contentType: "text/html", cacheControl: "max-age=5" }) });
    const { headers } = await get("state/1.zip");
    expect([headers.get("content-type"), headers.get("cache-control")]).toEqual(["text/html", "max-age=5"]);
  });
});

describe("conditions and ranges", () => {
  test("who has the object already gets a 304 with its validators, until it changes", async () => {
    const etag = (await get("state/index.txt")).headers.get("etag") ?? "";
    for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const response = await get("state/index.txt", { headers: { "if-none-match": condition } });
      expect([response.status, await response.text()]).toEqual([304, ""]);
      expect(response.headers.get("etag")).toBe(etag);
      expect(response.headers.get("cache-control")).toBe("no-cache, max-age=0");
    }
    await blobs.put("state/index.txt", Buffer.from("state/3.zip"), headersOf("state/index.txt"));
    const changed = await get("state/index.txt", { headers: { "if-none-match": etag } });
    expect([changed.status, await changed.text()]).toEqual([200, "state/3.zip"]);
  });

  test("a range gets that part, one beyond the end a 416", async () => {
    const part = await get("state/1.zip", { headers: { range: "bytes=2-4" } });
    expect([part.status, await part.text()]).toEqual([206, "234"]);
    expect(part.headers.get("content-range")).toBe("bytes 2-4/10");
    expect(part.headers.get("content-length")).toBe("3");
    const beyond = await get("state/1.zip", { headers: { range: "bytes=10-" } });
    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */10"]);
  });

  test("a range of what has changed in between gets the whole object", async () => {
    const etag = (await get("state/1.zip")).headers.get("etag") ?? "";
    const ask = (condition: string) => get("state/1.zip", { headers: { range: "bytes=5-", "if-range": condition } });
    expect(await (await ask(etag)).text()).toBe("56789");
    const changed = await ask('"old"');
    expect([changed.status, await changed.text()]).toEqual([200, "0123456789"]);
  });
});

describe("refusals", () => {
  const missing = ["", "state", "state/", "state/2.zip", "private/plan.txt", "state//1.zip", "%", "state/%zz", "%00"];
  const climbing = [
    "state/..%2fprivate/plan.txt",
    "..%2f..%2fetc/passwd",
    "state%5c1.zip",
    `state/${"x".repeat(3_000)}`,
  ];
  test.each([...missing, ...climbing])(
    "/%s is not found, in one form whatever the reason, and not cached",
    async (path) => {
      const response = await get(path);
      expect([response.status, await response.json()]).toEqual([404, { code: "object_not_found" }]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    },
  );

  test("a path longer than any name is not found", async () => {
    expect((await get(`state/${"x".repeat(3_000)}`)).status).toBe(404);
  });

  test("dots in a raw path do not climb", async () => {
    expect(await exchange("GET /state/../private/plan.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 404 /,
    );
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"])("%s is not allowed", async (method) => {
    for (const path of ["state/1.zip", "elsewhere"]) {
      const response = await get(path, { method });
      expect([response.status, await response.json()]).toEqual([405, { code: "method_not_allowed" }]);
      expect(response.headers.get("allow")).toBe("GET, HEAD");
    }
    expect(await blobs.list("")).toHaveLength(3);
  });

  test("a body is not taken, announced or in chunks", async () => {
    const announced = "GET /state/1.zip HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n";
    const chunked = "GET /state/1.zip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const request of [announced, chunked]) {
      const answer = await exchange(request);
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
      expect(answer).toContain('{"code":"body_not_allowed"}');
    }
  });

  test("a huge header and nonsense are answered and hung up on", async () => {
    const huge = `GET / HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`;
    expect(await exchange(huge)).toMatch(/^HTTP\/1\.1 431 [\s\S]*\r\n\{"code":"headers_too_large"\}$/);
    expect(await exchange("hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*\r\n\{"code":"request_malformed"\}$/);
  });

  test("a request that does not end is hung up on", async () => {
    await server.close();
    server = await start({ requestTimeoutMilliseconds: 300 });
    expect(await exchange("GET /state/1.zip HTTP/1.1\r\nHost")).not.toContain("200");
  });

  test("a store that fails is reported by its code, and clients learn only that they may come again", async () => {
    await server.close();
    const failure = new CodedError("blob_storage_failed", "disk sda1 is on fire");
    server = await start({ blobs: { ...blobs, stat: () => Promise.reject(failure) } });
    const response = await get("state/1.zip");
    expect([response.status, await response.json()]).toEqual([503, { code: "object_unavailable" }]);
    const why = "CodedError: disk sda1 is on fire";
    expect(reported).toEqual([
      { event: "object-server.request-failed", level: "error", code: "blob_storage_failed", why },
    ]);
  });
});

describe("health", () => {
  test("is a path only where somebody knows the health", async () => {
    expect((await get("health")).status).toBe(404);
  });

  test("is good without codes, and says what is wrong otherwise, never cached", async () => {
    await server.close();
    const codes: string[] = [];
    server = await start({ health: async () => codes });
    const good = await get("health");
    expect([good.status, await good.json()]).toEqual([200, { status: "ok" }]);
    codes.push("blob_storage_failed");
    const bad = await get("health");
    expect([bad.status, await bad.json()]).toEqual([503, { status: "unavailable", codes }]);
    expect(bad.headers.get("cache-control")).toBe("no-store");
  });
});

test("answers are observed by their route, not by what was asked for", async () => {
  await server.close();
  const seen: unknown[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const begin = (asked: unknown, go: () => void) => {
    go();
    return (status: number) => {
      seen.push({ asked, status });
      resolve();
    };
  };
  server = await start({ observers: [{ begin }] });
  await get("state/1.zip?token=secret");
  await ended;
  expect(seen).toEqual([{ asked: { listener: "public", method: "GET", route: "/*" }, status: 200 }]);
});

describe("start and end", () => {
  test("a taken port has a code", async () => {
    const port = Number(new URL(server.url).port);
    await expect(start({ port })).rejects.toMatchObject({ code: "listener_port_in_use" });
  });

  test("IPv6 addresses are written as URLs want them", async () => {
    await server.close();
    server = await start({ host: "::1" });
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await get("state/1.zip")).status).toBe(200);
  });

  test("close lets an answer under way end, and takes no more", async () => {
    await server.close();
    const { promise: asked, resolve: beginReading } = Promise.withResolvers<void>();
    const { promise: stored, resolve: endReading } = Promise.withResolvers<void>();
    const slowStat = async (name: string) => {
      beginReading();
      await stored;
      return blobs.stat(name);
    };
    server = await start({ blobs: { ...blobs, stat: slowStat } });
    const response = get("state/1.zip");
    await asked;
    const closed = server.close();
    endReading();
    expect(await (await response).text()).toBe("0123456789");
    await closed;
    await expect(get("state/1.zip")).rejects.toThrow();
  });

  test("close cuts off what does not end in time", async () => {
    await server.close();
    const { promise: asked, resolve: beginReading } = Promise.withResolvers<void>();
    const hangingStat = () => {
      beginReading();
      return new Promise<never>(() => undefined);
    };
    server = await start({
      blobs: { ...blobs, stat: hangingStat },
      requestTimeoutMilliseconds: 60_000,
      closeTimeoutMilliseconds: 50,
    });
    const response = get("state/1.zip");
    const cutOff = expect(response).rejects.toThrow();
    await asked;
    await server.close();
    await cutOff;
  });
});
