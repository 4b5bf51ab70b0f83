// A process that writes objects in the way its arguments say; the blob store's tests start it, limit it and kill it.

import { setTimeout as wait } from "node:timers/promises";
import { codeOf } from "../../src/core/coded-error.ts";
import { openFilesystemBlobs } from "../../src/platform/blobs/filesystem-blobs.ts";
import { withFolderLock } from "../../src/platform/blobs/folder-lock.ts";

const [task = "", folder = "", count = "0"] = process.argv.slice(2);
const options = { contentType: "text/plain", cacheControl: "no-store" };
const say = (line: string) => process.stdout.write(`${line}\n`);

const tasks: Readonly<Record<string, () => Promise<void>>> = {
  /** Adds one to a number in an object, `count` times, by compare-and-set. */
  async increment() {
    const blobs = await openFilesystemBlobs(folder);
    for (let done = 0; done < Number(count); ) {
      const before = await blobs.get("counter.txt");
      const next = Buffer.from(String(Number(Buffer.from(before?.bytes ?? Buffer.of(0x30)).toString()) + 1));
      const condition = before === null ? { ifAbsent: true as const } : { ifVersion: before.version };
      try {
        await blobs.put("counter.txt", next, { ...options, ...condition });
        done++;
      } catch (error) {
        if (codeOf(error) !== "blob_conflict") throw error;
      }
    }
  },

  /** Puts objects of `count` bytes, all of one letter each, for ever. */
  async fill() {
    const blobs = await openFilesystemBlobs(folder);
    for (let round = 0; ; round++) {
      await blobs.put("big.bin", Buffer.alloc(Number(count), "ab"[round % 2]), options);
    }
  },

  /** Tries to put one object of `count` bytes and one small one, and says what came of each. */
  async overfill() {
    const blobs = await openFilesystemBlobs(folder);
    for (const [name, length] of [
      ["new/big.bin", Number(count)],
      ["index.txt", Number(count)],
      ["small.txt", 10],
    ] as const) {
      await blobs.put(name, Buffer.alloc(length, "x"), options).then(
        () => say(`${name} written`),
        (error: unknown) => say(`${name} ${codeOf(error)}`),
      );
    }
  },

  /** Holds the lock at `folder` until the process ends. */
  async hold() {
    await withFolderLock(folder, async () => {
      say("held");
      await wait(600_000);
    });
  },
};

await tasks[task]?.();
