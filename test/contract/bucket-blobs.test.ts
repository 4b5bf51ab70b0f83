// A bucket whose answers get lost: a conflict is always somebody else's, and a success always ours.

import * as fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { codeOf } from "../../src/core/coded-error.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { createBucketBlobs } from "../../src/platform/blobs/bucket/bucket-blobs.ts";
import { createMemoryBucket, type MemoryBucket, type WriteFate } from "../support/memory-bucket.ts";

const HEADERS = { contentType: "text/plain", cacheControl: "no-store" };
const AT_ONCE = { pausesMilliseconds: [0, 0, 0, 0], withinMilliseconds: 60_000 };

let memory: MemoryBucket;
let blobs: BlobStore;
beforeEach(() => {
  memory = createMemoryBucket();
  blobs = createBucketBlobs(memory.bucket, "", AT_ONCE);
});

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = async (name: string) => new TextDecoder().decode((await blobs.get(name))?.bytes);
const add = (name: string, text: string) => blobs.put(name, bytesOf(text), { ...HEADERS, ifAbsent: true });

const FATES: readonly WriteFate[] = ["answer lost", "request lost", "others write", "arrives late", "repeated"];

test.each(FATES)("an archive is ours where the write's fate is: %s", async (fate) => {
  memory.fates.push(fate);
  await add("a.zip", "ours");
  expect(await read("a.zip")).toBe("ours");
  expect(await add("a.zip", "ours").catch(codeOf)).toBe("blob_conflict");
});

test.each(FATES)("an archive of somebody else is a conflict where the write's fate is: %s", async (fate) => {
  await add("a.zip", "theirs");
  memory.fates.push(fate);
  expect(await add("a.zip", "ours").catch(codeOf)).toBe("blob_conflict");
  expect(await read("a.zip")).toBe("theirs");
});

test.each(FATES)("the same archive of somebody else is a conflict where the write's fate is: %s", async (fate) => {
  await add("a.zip", "the same");
  memory.fates.push(fate);
  expect(await add("a.zip", "the same").catch(codeOf)).toBe("blob_conflict");
});

test("an index that was rewritten with the same lines is still what was read", async () => {
  const version = await blobs.put("index.txt", bytesOf("a.zip"), HEADERS);
  await blobs.put("index.txt", bytesOf("a.zip"), HEADERS);
  await blobs.put("index.txt", bytesOf("a.zip\nb.zip"), { ...HEADERS, ifVersion: version });
  expect(await read("index.txt")).toBe("a.zip\nb.zip");
});

test("a service that is away for a moment costs nothing, one that is away for long is told by its code", async () => {
  await add("a.zip", "ours");
  memory.unreachable = 3;
  expect(await read("a.zip")).toBe("ours");
  memory.unreachable = 100;
  await expect(blobs.get("a.zip")).rejects.toMatchObject({
    code: "blob_storage_failed",
    message: expect.stringContaining("memory://bucket is away, at a.zip: 503 SlowDown"),
  });
});

test("a write that is lost every time is a failure, never a conflict", async () => {
  memory.fates.push(...Array.from({ length: 9 }, (): WriteFate => "request lost"));
  expect(await add("a.zip", "ours").catch(codeOf)).toBe("blob_storage_failed");
});

test("an archive costs one write, and a listing and a question where its folders are new", async () => {
  await add("state/v1/1.zip", "x");
  expect(memory.calls).toBe(4);
  await add("state/v1/2.zip", "x");
  expect(memory.calls).toBe(6);
  const version = await blobs.put("state/index.txt", bytesOf("x"), HEADERS);
  memory.calls = 0;
  await blobs.put("state/index.txt", bytesOf("y"), { ...HEADERS, ifVersion: version });
  expect(memory.calls).toBe(2);
});

test("writers of one index lose no step, whatever becomes of their requests", async () => {
  const fate = fc.constantFrom<WriteFate>("answered", ...FATES);
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 60 }), async (fates) => {
      memory = createMemoryBucket();
      memory.fates.push(...fates);
      const count = async (writer: string) => {
        const own = createBucketBlobs(memory.bucket, "", AT_ONCE);
        for (let done = 0; done < 5; ) {
          const before = await own.get("index.txt");
          const lines = before === null ? [] : new TextDecoder().decode(before.bytes).split("\n");
          const next = bytesOf([...lines, `${writer}${done}`].join("\n"));
          const condition = before === null ? { ifAbsent: true as const } : { ifVersion: before.version };
          try {
            await own.put("index.txt", next, { ...HEADERS, ...condition });
            done++;
          } catch (error) {
            if (!["blob_storage_failed", "blob_conflict"].includes(codeOf(error) ?? "")) throw error;
            // It may have been written, and somebody may have gone on from it: the next look tells.
            const now = await own.get("index.txt");
            if (new TextDecoder().decode(now?.bytes).split("\n").includes(`${writer}${done}`)) done++;
          }
        }
      };
      await Promise.all(["a", "b", "c"].map(count));
      const stored = memory.objects.get("index.txt");
      const lines = new TextDecoder().decode(stored?.bytes).split("\n");
      expect(lines.toSorted()).toEqual(["a", "b", "c"].flatMap((writer) => [0, 1, 2, 3, 4].map((at) => writer + at)));
    }),
    { numRuns: 200 },
  );
});
