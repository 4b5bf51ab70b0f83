// What only a store on a file system has to stand: other processes, kill -9, full disks, strange files.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { openFilesystemBlobs } from "../../src/platform/blobs/filesystem-blobs.ts";
import { withFolderLock } from "../../src/platform/blobs/folder-lock.ts";

const root = await mkdtemp(join(tmpdir(), "enks-folders-"));
afterAll(() => rm(root, { recursive: true }));

const plain = { contentType: "text/plain", cacheControl: "no-store" };
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

const writer = join(import.meta.dirname, "blob-writer.ts");
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(root, "store-"));
});

/** Starts the writer in a shell that has first done `before`. */
function startWriter(task: string, where: string, count: number, before = "true"): ChildProcess {
  const command = `${before}; exec "$0" "$@"`;
  const child = spawn("bash", ["-c", command, process.execPath, writer, task, where, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  return child.stdout === null ? "" : text(child.stdout);
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

test("the folder holds the objects as plain files, and beside them only the lock", async () => {
  const blobs = await openFilesystemBlobs(folder);
  await blobs.put("state/index.txt", Buffer.from("state/1.zip"), plain);
  await blobs.put("state/1.zip", Buffer.from("zip"), plain);
  await blobs.put("old/1.zip", Buffer.from("zip"), plain);
  await blobs.delete("old/1.zip");
  expect((await readdir(folder)).sort()).toEqual([".enks", "state"]);
  expect(await filesIn(folder)).toEqual(
    [".enks/lock", "state/1.zip", "state/index.txt"].map((name) => join(folder, name)),
  );
  expect(await readFile(join(folder, "state/index.txt"), "utf8")).toBe("state/1.zip");
});

test.each([
  ["a folder that is a link out of the tree", "state/k", "../../outside"],
  ["a folder that is a link to another folder of objects", "state/k", "../objects"],
  ["the first folder", "k", "../outside"],
])("what lies behind %s is no object: it is not read, written or deleted", async (_what, link, target) => {
  await mkdir(join(folder, "store/state"), { recursive: true });
  for (const name of ["outside", "store/outside", "store/objects"])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of ["outside", "store/outside", "store/objects"])
    await writeFile(join(folder, name, "s1.pem"), "secret");
  await symlink(target, join(folder, "store", link));
  const blobs = await openFilesystemBlobs(join(folder, "store"));
  const refused = { code: "blob_name_invalid" };
  await expect(blobs.get(`${link}/s1.pem`)).rejects.toMatchObject(refused);
  await expect(blobs.stat(`${link}/s1.pem`)).rejects.toMatchObject(refused);
  const seen = { byteCount: 1, tag: "x" };
  await expect(blobs.read(`${link}/s1.pem`, seen, { start: 0, end: 1 })).rejects.toMatchObject(refused);
  await expect(blobs.put(`${link}/new.pem`, Buffer.from("x"), plain)).rejects.toMatchObject(refused);
  await expect(blobs.delete(`${link}/s1.pem`)).rejects.toMatchObject(refused);
  expect(await blobs.list(link)).toEqual([]);
  expect(await blobs.list("")).toEqual(["objects/s1.pem", "outside/s1.pem"]);
});

test("everybody may read what was written, even under a strict umask", async () => {
  const child = startWriter("overfill", folder, 10, "umask 077");
  expect(await outputOf(child)).toContain("new/big.bin written");
  expect((await stat(join(folder, "new/big.bin"))).mode & 0o777).toBe(0o644);
  expect((await stat(join(folder, "new"))).mode & 0o777).toBe(0o755);
});

test("processes that count in one object by compare-and-set lose no step", async () => {
  const children = [30, 30, 30].map((count) => startWriter("increment", folder, count));
  const ends = await Promise.all(children.map((child) => once(child, "exit")));
  expect(ends).toEqual([30, 30, 30].map(() => [0, null]));
  expect(await readFile(join(folder, "counter.txt"), "utf8")).toBe("90");
});

test("a process killed in the middle of a put leaves the old object, no trace in lists, and no lock", async () => {
  const length = 8_000_000;
  const unfinished = join(folder, ".enks", "unfinished");
  const blobs = await openFilesystemBlobs(folder);
  await blobs.put("big.bin", Buffer.alloc(length, "a"), plain);

  let leftovers = 0;
  for (let round = 0; round < 5; round++) {
    const child = startWriter("fill", folder, length);
    while (!existsSync(unfinished)) await nextTurn();
    child.kill("SIGKILL");
    await once(child, "exit");
    if (existsSync(unfinished)) leftovers++;

    expect(await blobs.list("")).toEqual(["big.bin"]);
    const seen = Buffer.from((await blobs.get("big.bin"))?.bytes ?? []);
    expect(seen.length).toBe(length);
    expect(seen.equals(Buffer.alloc(length, seen.subarray(0, 1)))).toBe(true);
  }
  expect(leftovers).toBeGreaterThan(0);

  const reopened = await openFilesystemBlobs(folder);
  expect(existsSync(unfinished)).toBe(false);
  await reopened.put("after.txt", Buffer.from("goes on"), plain);
  expect(await reopened.list("")).toEqual(["after.txt", "big.bin"]);
});

test("readers see whole objects while another process replaces them", async () => {
  const length = 4_000_000;
  const blobs = await openFilesystemBlobs(folder);
  await blobs.put("big.bin", Buffer.alloc(length, "a"), plain);
  const child = startWriter("fill", folder, length);
  const versions = new Set<string>();
  for (let reads = 0; reads < 50 || versions.size < 2; reads++) {
    const blob = await blobs.get("big.bin");
    const bytes = Buffer.from(blob?.bytes ?? []);
    expect(bytes.equals(Buffer.alloc(length, bytes.subarray(0, 1)))).toBe(true);
    versions.add(blob?.version ?? "missing");
  }
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(versions.size).toBe(2);
});

test("a store that goes on after another process was killed writes over its leftover", async () => {
  const blobs = await openFilesystemBlobs(folder);
  await writeFile(join(folder, ".enks", "unfinished"), "half an obj");
  expect(await blobs.list("")).toEqual([]);
  await blobs.put("a.txt", Buffer.from("whole"), plain);
  expect(await readFile(join(folder, "a.txt"), "utf8")).toBe("whole");
});

test("a full disk is told by its code, keeps the old object and leaves nothing behind", async () => {
  const blobs = await openFilesystemBlobs(folder);
  await blobs.put("index.txt", Buffer.from("old"), plain);
  const child = startWriter("overfill", folder, 1_000_000, "ulimit -f 100");
  expect((await outputOf(child)).trim().split("\n")).toEqual([
    "new/big.bin blob_storage_full",
    "index.txt blob_storage_full",
    "small.txt written",
  ]);
  expect(await filesIn(folder)).toEqual([".enks/lock", "index.txt", "small.txt"].map((name) => join(folder, name)));
  expect(await readdir(folder)).not.toContain("new");
  expect(await readFile(join(folder, "index.txt"), "utf8")).toBe("old");
});

test("a file that replaces another is the later one, even where the clock went back", async () => {
  const blobs = await openFilesystemBlobs(folder);
  await blobs.put("index.txt", Buffer.from("first"), plain);
  const ahead = new Date("2100-01-01T00:00:00Z");
  await utimes(join(folder, "index.txt"), ahead, ahead);
  const before = await blobs.stat("index.txt");
  await blobs.put("index.txt", Buffer.from("other"), plain);
  expect((await stat(join(folder, "index.txt"))).mtimeMs).toBeGreaterThan(ahead.getTime());
  expect((await blobs.stat("index.txt"))?.tag).not.toBe(before?.tag);
});

test("files that are no objects are neither listed nor read", async () => {
  const blobs = await openFilesystemBlobs(folder);
  await blobs.put("a.txt", Buffer.from("x"), plain);
  await writeFile(join(root, "secret"), "secret");
  await symlink(join(root, "secret"), join(folder, "link.txt"));
  await writeFile(join(folder, ".DS_Store"), "");
  await writeFile(join(folder, "naïve.txt"), "");
  await mkdir(join(folder, "empty"));
  expect(await blobs.list("")).toEqual(["a.txt"]);
  expect(await blobs.get("link.txt")).toBeNull();
  expect(await blobs.get("empty")).toBeNull();
  expect(await blobs.stat("link.txt")).toBeNull();
  expect(await blobs.stat("empty")).toBeNull();
  await blobs.put("link.txt", Buffer.from("own"), plain);
  expect(await readFile(join(root, "secret"), "utf8")).toBe("secret");
});

test("an existing tree is read as it is", async () => {
  await mkdir(join(folder, "exposureKeyExport-US"));
  await writeFile(join(folder, "exposureKeyExport-US", "index.txt"), "adopted");
  const blobs = await openFilesystemBlobs(folder);
  expect(await blobs.list("exposureKeyExport-US/")).toEqual(["exposureKeyExport-US/index.txt"]);
});

test("a folder that cannot be made is a coded error", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(openFilesystemBlobs(join(folder, "file"))).rejects.toMatchObject({ code: "blob_storage_failed" });
});

test("a lock outlives nobody: it is free the moment its holder is killed", async () => {
  const path = join(folder, "lock");
  const child = startWriter("hold", path, 0);
  if (child.stdout === null) throw new Error("no output");
  await once(child.stdout, "data");
  const order: string[] = [];
  const waiting = withFolderLock(path, async () => void order.push("held here"));
  await expect(Promise.race([waiting.then(() => "held"), nextTurn("waiting")])).resolves.toBe("waiting");
  order.push("killed");
  child.kill("SIGKILL");
  await waiting;
  expect(order).toEqual(["killed", "held here"]);
});

test("work that fails gives the lock back", async () => {
  const path = join(folder, "lock");
  await expect(withFolderLock(path, () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  await expect(withFolderLock(path, async () => "next")).resolves.toBe("next");
});
