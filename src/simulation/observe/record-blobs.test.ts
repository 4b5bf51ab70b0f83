// What a recorded store shows of a tree, and what it does not.

import { describe, expect, test } from "vitest";
import { makeArchive, makeSigner } from "../../device/testing/make-archive.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { createMemoryBlobs } from "../../platform/blobs/memory-blobs.ts";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import { recordBlobs } from "./record-blobs.ts";

const ARCHIVE = { contentType: "application/zip", cacheControl: "public, max-age=86400, immutable" };
const INDEX = { contentType: "text/plain", cacheControl: "no-cache, max-age=0" };
const bytesOf = (text: string) => new TextEncoder().encode(text);

function setUp(store: BlobStore = createMemoryBlobs()) {
  const clock = createVirtualClock(100);
  const recorder = recordBlobs(store, clock);
  const observe = () =>
    recorder.observeTree({
      name: "client",
      indexUrl: "https://a.example/client/index.txt",
      baseUrl: "https://a.example/client",
      role: "client",
      retentionSeconds: 1,
      minRecords: 1,
      carries: [],
      mirrors: [],
      prefix: "client/",
      indexName: "client/index.txt",
    });
  return { clock, blobs: recorder.blobs, observe };
}

describe("an observed tree", () => {
  test("has every state of the index, with its cache lifetime, and its deletion", async () => {
    const { clock, blobs, observe } = setUp();
    await blobs.put("client/index.txt", bytesOf("a.zip"), INDEX);
    clock.set(200);
    await blobs.put("client/index.txt", bytesOf("a.zip\nb.zip"), { ...INDEX, cacheControl: "public, max-age=60" });
    clock.set(300);
    await blobs.delete("client/index.txt");
    await blobs.delete("client/index.txt");
    const { indexes } = observe();
    expect(indexes).toEqual([
      { at: 100, body: bytesOf("a.zip"), cacheSeconds: 0 },
      { at: 200, body: bytesOf("a.zip\nb.zip"), cacheSeconds: 60 },
      { at: 300, body: null, cacheSeconds: 0 },
    ]);
  });

  test("has the archives below its prefix by line, and nothing of other trees", async () => {
    const { clock, blobs, observe } = setUp();
    await blobs.put("client/x/a.zip", bytesOf("1"), ARCHIVE);
    await blobs.put("client-2/a.zip", bytesOf("2"), ARCHIVE);
    clock.set(200);
    await blobs.delete("client/x/a.zip");
    expect(observe().archives).toMatchObject([{ line: "x/a.zip", putAt: 100, deletedAt: 200 }]);
  });

  test("has a name that is put again as another archive, unless the bytes are the same", async () => {
    const { clock, blobs, observe } = setUp();
    await blobs.put("client/a.zip", bytesOf("1"), ARCHIVE);
    clock.set(200);
    await blobs.put("client/a.zip", bytesOf("1"), ARCHIVE);
    clock.set(300);
    await blobs.put("client/a.zip", bytesOf("2"), ARCHIVE);
    expect(observe().archives).toMatchObject([
      { line: "a.zip", putAt: 100, deletedAt: 300 },
      { line: "a.zip", putAt: 300, deletedAt: null },
    ]);
  });

  test("has no write that the store refused, and has one that only its caller believes lost", async () => {
    const { blobs, observe } = setUp();
    await blobs.put("client/a.zip", bytesOf("1"), ARCHIVE);
    await expect(blobs.put("client/a.zip", bytesOf("2"), { ...ARCHIVE, ifAbsent: true })).rejects.toThrow("exists");
    const deaf: BlobStore = {
      ...blobs,
      put: (...put) => blobs.put(...put).then(() => Promise.reject(new Error("lost"))),
    };
    await expect(deaf.put("client/b.zip", bytesOf("3"), ARCHIVE)).rejects.toThrow("lost");
    expect(observe().archives.map(({ line }) => line)).toEqual(["a.zip", "b.zip"]);
  });
});

describe("the content of an observed archive", () => {
  const signer = makeSigner("999", "v1");

  test("is what phones read: window, signers, records of both lists", async () => {
    const { blobs, observe } = setUp();
    const archive = await makeArchive({ signers: [signer], primaries: [keyOf(1), keyOf(2)], revised: [keyOf(3)] });
    await blobs.put("client/a.zip", archive, ARCHIVE);
    const content = observe().archives[0]?.content;
    const { keyId, keyVersion, algorithm } = signer;
    expect(content).toMatchObject({ start: 1_000n, end: 2_000n, region: "XX", batchNum: 1, batchSize: 1 });
    expect(content?.infos).toEqual([{ keyId, keyVersion, algorithm }]);
    expect(content?.signatures).toEqual([{ keyId, keyVersion, algorithm }]);
    expect(content?.primaries).toEqual([record("01"), record("02")]);
    expect(content?.revised).toEqual([record("03")]);
  });

  test.each([
    ["bytes that are no zip", bytesOf("<html>")],
    ["a key that phones pass over", makeArchive({ signers: [signer], primaries: [{ keyData: new Uint8Array(3) }] })],
    [
      "a zip without signatures",
      makeArchive({ signers: [signer], entries: (bytes) => [{ name: "export.bin", bytes }] }),
    ],
  ])("is null for %s", async (_, bytes) => {
    const { blobs, observe } = setUp();
    await blobs.put("client/a.zip", await bytes, ARCHIVE);
    expect(observe().archives[0]?.content).toBeNull();
  });
});

function keyOf(byte: number) {
  return { keyData: new Uint8Array(16).fill(byte), rollingStart: 1, rollingPeriod: 144 };
}

function record(byte: string): string {
  return `${byte.repeat(16)}0000000190ff00ff`;
}
