// What a request costs the store, and a connection the process.

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

const report = (event: ReportedEvent) => void reported.push(event);

function start(options: Partial<ObjectServerOptions> = {}): Promise<ObjectServer> {
  const limits = { requestTimeoutMilliseconds: 60_000, isPublic: () => true };
  return startObjectServer({ blobs, host: "127.0.0.1", port: 0, report, ...limits, ...options });
}

beforeEach(async () => {
  reported = [];
  blobs = createMemoryBlobs();
  await blobs.put("state/index.txt", Buffer.from("state/1.zip\nstate/2.zip"), headersOf("state/index.txt"));
  await blobs.put("state/1.zip", Buffer.from("0123456789"), headersOf("state/1.zip"));
  server = await start();
});
afterEach(() => server.close());

const get = (path: string, init: RequestInit = {}) => fetch(`${server.url}/${path}`, init);

/** Counts what is asked of the store. */
function counting(): { readonly store: BlobStore; readonly calls: string[] } {
  const calls: string[] = [];
  const store: BlobStore = {
    ...blobs,
    get: () => Promise.reject(new Error("whole objects are not read")),
    stat: (name) => (calls.push("stat"), blobs.stat(name)),
    read: async (name, stat, range) => {
      calls.push(`read ${range.start}-${range.end}`);
      return blobs.read(name, stat, range);
    },
  };
  return { store, calls };
}

const readFailing: BlobStore["read"] = async () => ({
  readInto: () => Promise.reject(new CodedError("blob_storage_failed", "gone")),
  close: async () => undefined,
});

const askForByte = (at: number) => `GET /state/1.zip HTTP/1.1\r\nHost: x\r\nRange: bytes=${at}-${at}\r\n`;

/** Sends these bytes as they are and answers everything that comes back. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(bytes);
  return text(socket);
}

describe("what a request costs", () => {
  test("HEAD, 304 and a range beyond the end read nothing, and a range of one byte reads one", async () => {
    await server.close();
    const { store, calls } = counting();
    server = await start({ blobs: store });
    const head = await get("state/1.zip", { method: "HEAD" });
    await get("state/1.zip", { headers: { "if-none-match": head.headers.get("etag") ?? "" } });
    await get("state/1.zip", { headers: { range: "bytes=10-" } });
    expect(calls).toEqual(["stat", "stat", "stat"]);
    expect(await (await get("state/1.zip", { headers: { range: "bytes=3-3" } })).text()).toBe("3");
    expect(calls.slice(3)).toEqual(["stat", "read 3-4"]);
  });

  test("an object that is replaced between the two looks comes whole in its new form", async () => {
    await server.close();
    let isReplaced = false;
    const read: BlobStore["read"] = async (name, stat, range) => {
      if (!isReplaced) await blobs.put(name, Buffer.from("state/9.zip\nstate/10.zip"), headersOf(name));
      isReplaced = true;
      return blobs.read(name, stat, range);
    };
    server = await start({ blobs: { ...blobs, read } });
    const response = await get("state/index.txt");
    expect(await response.text()).toBe("state/9.zip\nstate/10.zip");
    expect(response.headers.get("etag")).toBe((await get("state/index.txt")).headers.get("etag"));
  });

  test("one that is replaced at every look is refused, and said", async () => {
    await server.close();
    server = await start({ blobs: { ...blobs, read: async () => null } });
    expect((await get("state/index.txt")).status).toBe(503);
    expect(reported).toMatchObject([{ event: "object-server.request-failed", code: "blob_storage_failed" }]);
  });

  test("a store that fails in the middle cuts the answer off, so that a client sees by its length that bytes lack", async () => {
    await server.close();
    server = await start({ blobs: { ...blobs, read: readFailing } });
    await expect(get("state/1.zip").then((response) => response.text())).rejects.toThrow();
    expect(reported).toEqual([{ event: "object-server.answer-cut", level: "error", code: "blob_storage_failed" }]);
  });

  test("a client that asks ahead for many objects has one of them open at a time, and gets all in order", async () => {
    await server.close();
    let open = 0;
    let most = 0;
    const read: BlobStore["read"] = async (name, stat, range) => {
      const reader = await blobs.read(name, stat, range);
      if (reader === null) return null;
      most = Math.max(most, ++open);
      return { ...reader, close: async () => void open-- };
    };
    server = await start({ blobs: { ...blobs, read } });
    const requests = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(
      (at) => `${askForByte(at)}${at === 9 ? "Connection: close\r\n" : ""}\r\n`,
    );
    const answers = await exchange(requests.join(""));
    expect(answers.match(/\r\n\r\n(\d)/g)?.map((end) => end.trim())).toEqual("0123456789".split(""));
    expect([most, open]).toEqual([1, 0]);
  });

  test("readers that hang up give back what they had open", async () => {
    await server.close();
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await blobs.put("state/large.zip", new Uint8Array(30_000_000), headersOf("state/large.zip"));
    const read: BlobStore["read"] = async (name, stat, range) => {
      const reader = await blobs.read(name, stat, range);
      return reader && { ...reader, close: async () => resolve() };
    };
    server = await start({ blobs: { ...blobs, read } });
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    socket.write("GET /state/large.zip HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "data");
    socket.destroy();
    await closed;
  });
});

describe("connections", () => {
  test("when all are taken, the one that is idle longest makes room, and one that is answered stays", async () => {
    await server.close();
    const { promise: stored, resolve: endReading } = Promise.withResolvers<void>();
    const { promise: asked, resolve: beginReading } = Promise.withResolvers<void>();
    const stat: BlobStore["stat"] = async (name) => {
      beginReading();
      await stored;
      return blobs.stat(name);
    };
    server = await start({ maxConnections: 4, blobs: { ...blobs, stat } });
    const port = Number(new URL(server.url).port);
    const first = exchange("GET /state/1.zip HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    await asked;
    const idle = [];
    for (let count = 0; count < 20; count++) {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      idle.push(socket);
    }
    const [longest] = idle;
    if (longest?.destroyed === false) await once(longest.resume(), "close");
    endReading();
    expect(await first).toContain("0123456789");
    expect((await get("state/1.zip")).status).toBe(200);
    expect(reported).toEqual([{ event: "object-server.connections-full", level: "warn" }]);
    for (const socket of idle) socket.destroy();
  });
});
