// The contract of object storage, for every store: whole objects, conditional writes, reading in parts, safe names.

import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { codeOf } from "../../src/core/coded-error.ts";
import type { BlobStore, PutOptions } from "../../src/platform/blobs/blob-store.ts";

const plain: PutOptions = { contentType: "text/plain", cacheControl: "no-store" };
const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined) => (bytes === undefined ? null : new TextDecoder().decode(bytes));
const codeOfRejection = (promise: Promise<unknown>) => promise.then(() => "resolved", codeOf);

/** `open` answers an empty store. `runs`: how many sequences of calls are drawn; fewer where each call is a request. */
export function describeBlobStore(kind: string, open: () => Promise<BlobStore>, runs = 40): void {
  describe(`a ${kind} store`, () => {
    let blobs: BlobStore;
    beforeEach(async () => {
      blobs = await open();
    });

    const put = (name: string, text: string, options: Partial<PutOptions> = {}) => {
      return blobs.put(name, bytesOf(text), { ...plain, ...options });
    };
    const read = async (name: string) => textOf((await blobs.get(name))?.bytes);

    test("gives back what was put, under the version that put answered", async () => {
      const version = await put("folder/a.txt", "first");
      expect(await blobs.get("folder/a.txt")).toEqual({ bytes: bytesOf("first"), version });
    });

    test("gives other versions for other bytes, and replaces objects whole", async () => {
      const first = await put("a.txt", "a long first version");
      const second = await put("a.txt", "second");
      expect(second).not.toBe(first);
      expect(await read("a.txt")).toBe("second");
    });

    test("keeps empty objects and megabytes", async () => {
      const large = new Uint8Array(3_000_000).map((_zero, index) => index % 251);
      await put("empty", "");
      await blobs.put("large", large, plain);
      expect(await read("empty")).toBe("");
      expect((await blobs.get("large"))?.bytes.length).toBe(large.length);
      expect(Buffer.compare((await blobs.get("large"))?.bytes ?? Buffer.of(), large)).toBe(0);
    });

    const readPart = async (name: string, start: number, end: number, room = 3) => {
      const stat = await blobs.stat(name);
      const reader = stat && (await blobs.read(name, stat, { start, end }));
      if (reader === null) return null;
      let text = "";
      const piece = new Uint8Array(room);
      for (let length = await reader.readInto(piece); length > 0; length = await reader.readInto(piece)) {
        text += textOf(piece.subarray(0, length));
      }
      await reader.close();
      return text;
    };

    test("tells the length of an object, and gives each part of it", async () => {
      await put("folder/a.txt", "0123456789");
      expect((await blobs.stat("folder/a.txt"))?.byteCount).toBe(10);
      for (const [start, end] of [
        [0, 10],
        [0, 1],
        [9, 10],
        [3, 7],
        [4, 4],
      ] as const) {
        for (const room of [1, 3, 100]) {
          expect(await readPart("folder/a.txt", start, end, room)).toBe("0123456789".slice(start, end));
        }
      }
    });

    test("knows nothing of what is not there, or no object", async () => {
      await put("folder/a.txt", "x");
      expect(await blobs.stat("b.txt")).toBeNull();
      expect(await blobs.stat("folder")).toBeNull();
      expect(await blobs.read("b.txt", { byteCount: 1, tag: "x" }, { start: 0, end: 1 })).toBeNull();
    });

    test("never gives two contents of a name the same tag, and reads nothing under the tag of another", async () => {
      const tags = new Set<string>();
      const stats = [];
      for (let round = 0; round < 30; round++) {
        await put("index.txt", `round ${String(round).padStart(2, "0")}`);
        const stat = await blobs.stat("index.txt");
        if (stat === null) throw new Error("it is not there");
        expect(stat.tag).toMatch(/^[\x21\x23-\x7e]{1,200}$/);
        tags.add(stat.tag);
        stats.push(stat);
      }
      expect(tags.size).toBe(30);
      for (const stat of stats.slice(0, -1)) {
        expect(await blobs.read("index.txt", stat, { start: 0, end: 1 })).toBeNull();
      }
      expect(await readPart("index.txt", 0, 8)).toBe("round 29");
    });

    test("a reader that has begun gets what it asked for, whole, or an error; never a mixture", async () => {
      const old = "a".repeat(200_000);
      await put("large.zip", old);
      const stat = await blobs.stat("large.zip");
      const reader = stat && (await blobs.read("large.zip", stat, { start: 0, end: old.length }));
      if (reader === null) throw new Error("it is not there");
      const piece = new Uint8Array(10_000);
      let seen = textOf(piece.subarray(0, await reader.readInto(piece))) ?? "";
      await put("large.zip", "b".repeat(200_000));
      await blobs.delete("large.zip");
      for (let length = 1; length > 0 && seen.length < old.length; ) {
        length = await reader.readInto(piece).catch(() => 0);
        seen += textOf(piece.subarray(0, length));
      }
      await reader.close();
      expect(old.startsWith(seen)).toBe(true);
    });

    test("is not changed through arrays that were handed over or out", async () => {
      const bytes = bytesOf("safe");
      await blobs.put("a.txt", bytes, plain);
      bytes.fill(0);
      (await blobs.get("a.txt"))?.bytes.fill(0);
      expect(await read("a.txt")).toBe("safe");
    });

    test("answers null for what is missing, a folder or beneath an object", async () => {
      await put("folder/a.txt", "x");
      for (const name of ["missing", "folder", "folder/b.txt", "folder/a.txt/b", "a/b/c"]) {
        expect(await blobs.get(name)).toBeNull();
      }
    });

    test("deletes, and takes the deletion of what is missing for success", async () => {
      await put("folder/a.txt", "x");
      await put("folder/b.txt", "y");
      await blobs.delete("folder/a.txt");
      await blobs.delete("folder/a.txt");
      await blobs.delete("folder");
      await blobs.delete("folder/b.txt/c");
      expect(await blobs.list("")).toEqual(["folder/b.txt"]);
    });

    test("lists names by any beginning, ascending", async () => {
      for (const name of ["b/2.zip", "b/10.zip", "b-1/x", "b/sub/a", "a", "c", "B"]) await put(name, name);
      expect(await blobs.list("")).toEqual(["B", "a", "b-1/x", "b/10.zip", "b/2.zip", "b/sub/a", "c"]);
      expect(await blobs.list("b/")).toEqual(["b/10.zip", "b/2.zip", "b/sub/a"]);
      expect(await blobs.list("b/1")).toEqual(["b/10.zip"]);
      expect(await blobs.list("b")).toEqual(["b-1/x", "b/10.zip", "b/2.zip", "b/sub/a"]);
      for (const none of ["x", "x/", "a/", "../", "/", "b//", "\0"]) expect(await blobs.list(none)).toEqual([]);
    });

    test("ifAbsent writes only what is not there", async () => {
      await put("a.txt", "first", { ifAbsent: true });
      expect(await codeOfRejection(put("a.txt", "second", { ifAbsent: true }))).toBe("blob_conflict");
      expect(await read("a.txt")).toBe("first");
    });

    test("ifVersion writes only over what was read", async () => {
      const first = await put("a.txt", "first");
      const second = await put("a.txt", "second", { ifVersion: first });
      expect(await codeOfRejection(put("a.txt", "third", { ifVersion: first }))).toBe("blob_conflict");
      expect(await read("a.txt")).toBe("second");
      await blobs.delete("a.txt");
      expect(await codeOfRejection(put("a.txt", "third", { ifVersion: second }))).toBe("blob_conflict");
      expect(await blobs.list("")).toEqual([]);
    });

    const badNames = [
      "",
      "/",
      "/a",
      "a/",
      "a//b",
      ".",
      "..",
      "../a",
      "a/../b",
      "a/./b",
      ".hidden",
      "a/.hidden",
      "a\\b",
    ];
    const worseNames = ["a\0b", "a\nb", "C:/a", "ä", "a?b", "a*", "\ud800", "x".repeat(201), `${"x/".repeat(460)}x`];
    test.each([...badNames, ...worseNames])("refuses the name %j everywhere", async (name) => {
      expect(await codeOfRejection(put(name, "x"))).toBe("blob_name_invalid");
      expect(await codeOfRejection(blobs.get(name))).toBe("blob_name_invalid");
      expect(await codeOfRejection(blobs.stat(name))).toBe("blob_name_invalid");
      expect(await codeOfRejection(blobs.read(name, { byteCount: 1, tag: "x" }, { start: 0, end: 1 }))).toBe(
        "blob_name_invalid",
      );
      expect(await codeOfRejection(blobs.delete(name))).toBe("blob_name_invalid");
      expect(await blobs.list("")).toEqual([]);
    });

    test("does not let a name be an object and a folder at once", async () => {
      await put("a/b", "x");
      expect(await codeOfRejection(put("a", "y"))).toBe("blob_name_invalid");
      expect(await codeOfRejection(put("a/b/c/d", "y"))).toBe("blob_name_invalid");
      expect(await blobs.list("")).toEqual(["a/b"]);
      await blobs.delete("a/b");
      await put("a", "y");
      expect(await blobs.list("")).toEqual(["a"]);
    });

    test("of many writers with one version exactly one wins each round, and no step is lost", async () => {
      let version = await put("index.txt", "round 0");
      for (let round = 1; round <= 10; round++) {
        const attempts = Array.from({ length: 20 }, (_none, writer) => {
          return put("index.txt", `round ${round} writer ${writer}`, { ifVersion: version });
        });
        const results = await Promise.allSettled(attempts);
        const won = results.filter((result) => result.status === "fulfilled");
        const lost = results.filter((result) => result.status === "rejected").map(({ reason }) => codeOf(reason));
        expect(won).toHaveLength(1);
        expect(new Set(lost)).toEqual(new Set(["blob_conflict"]));
        expect((await blobs.get("index.txt"))?.version).toBe(won[0]?.value);
        version = won[0]?.value ?? "";
      }
    });

    test("of many writers of a new object exactly one wins", async () => {
      const attempts = Array.from({ length: 20 }, (_none, writer) =>
        put("new.zip", `by ${writer}`, { ifAbsent: true }),
      );
      const results = await Promise.allSettled(attempts);
      expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    });

    test("agrees with a map under any sequence of calls", async () => {
      const name = fc.constantFrom("a", "b/c", "b/d");
      const text = fc.constantFrom("", "x", "y");
      const step = fc.oneof(
        fc.record({ do: fc.constant("put" as const), name, text }),
        fc.record({ do: fc.constant("add" as const), name, text }),
        fc.record({ do: fc.constant("swap" as const), name, text, from: text }),
        fc.record({ do: fc.constant("delete" as const), name }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          blobs = await open();
          const versions = new Map<string, string>();
          for (const sample of ["", "x", "y"]) versions.set(sample, await put("sample", sample));
          const model = new Map([["sample", "y"]]);
          for (const one of steps) {
            if (one.do === "delete") {
              await blobs.delete(one.name);
              model.delete(one.name);
              continue;
            }
            const condition: Partial<PutOptions> =
              one.do === "add"
                ? { ifAbsent: true }
                : one.do === "swap"
                  ? { ifVersion: versions.get(one.from) ?? "" }
                  : {};
            const mayWrite =
              one.do === "put" || (one.do === "add" ? !model.has(one.name) : model.get(one.name) === one.from);
            expect(await codeOfRejection(put(one.name, one.text, condition))).toBe(
              mayWrite ? "resolved" : "blob_conflict",
            );
            if (mayWrite) model.set(one.name, one.text);
          }
          expect(await blobs.list("")).toEqual([...model.keys()].sort());
          for (const [known, value] of model) expect(await read(known)).toBe(value);
        }),
        { numRuns: runs },
      );
    });
  });
}
