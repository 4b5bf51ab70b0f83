// Reading objects from a folder: only plain files under valid names, never through a link.

import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileErrorCode } from "../files/durable-files.ts";
import { versionOf } from "./blob-conditions.ts";
import { isBlobName } from "./blob-name.ts";
import type { Blob, BlobRange, BlobReader, BlobStat } from "./blob-store.ts";

// Without blocking, because opening a named pipe would wait for a writer. Windows has neither flag.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const MEANS_ABSENT = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP"]);

/** The object at `path`, or null when there is no plain file. */
export async function readObjectFile(path: string): Promise<Blob | null> {
  const file = await unlessAbsent(() => open(path, READ_FLAGS));
  if (file === null) return null;
  try {
    if (!(await file.stat()).isFile()) return null;
    const { buffer, byteOffset, byteLength } = await file.readFile();
    // Not the Buffer itself: its `slice` is a view, where every other Uint8Array's is a copy.
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return { bytes, version: versionOf(bytes) };
  } finally {
    await file.close();
  }
}

export interface ObjectFileStat {
  readonly stat: BlobStat;
  /** Nanoseconds. A file that replaces this one gets a later instant. */
  readonly modifiedAt: bigint;
}

/** null when there is no plain file. */
export async function statObjectFile(path: string): Promise<ObjectFileStat | null> {
  const found = await unlessAbsent(() => lstat(path, { bigint: true }));
  return found?.isFile() ? { stat: statOf(found), modifiedAt: found.mtimeNs } : null;
}

/** Reads `range` of the file; null when it is not the one that `stat` was told of. */
export async function openObjectReader(path: string, stat: BlobStat, range: BlobRange): Promise<BlobReader | null> {
  const file = await unlessAbsent(() => open(path, READ_FLAGS));
  if (file === null) return null;
  try {
    const found = await file.stat({ bigint: true });
    if (found.isFile() && statOf(found).tag === stat.tag) return readerOf(file, range);
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

function readerOf(file: FileHandle, { start, end }: BlobRange): BlobReader {
  let at = start;
  return {
    async readInto(into) {
      const wanted = Math.min(into.length, end - at);
      if (wanted === 0) return 0;
      const { bytesRead } = await file.read(into, 0, wanted, at);
      if (bytesRead === 0) throw new Error("the file became shorter while it was read");
      at += bytesRead;
      return bytesRead;
    },
    close: () => file.close(),
  };
}

/**
 * Writers of ours give each file that replaces another a later modification; the change time tells what other programs
 * replace, which may set the modification as they like.
 */
function statOf({ mtimeNs, ctimeNs, size }: BigIntStats): BlobStat {
  return { byteCount: Number(size), tag: [mtimeNs, ctimeNs, size].map((value) => value.toString(36)).join("-") };
}

/** The names of all objects under `root` that begin with `prefix`, ascending. */
export async function listObjectFiles(root: string, prefix: string): Promise<string[]> {
  const startFolder = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0));
  if (startFolder !== "" && !isBlobName(startFolder)) return [];
  const names = await namesUnder(root, startFolder);
  return names.filter((name) => name.startsWith(prefix)).sort();
}

async function namesUnder(root: string, folder: string): Promise<string[]> {
  const entries = (await unlessAbsent(() => readdir(join(root, folder), { withFileTypes: true }))) ?? [];
  const names: string[] = [];
  for (const entry of entries) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!isBlobName(name)) continue;
    if (entry.isDirectory()) names.push(...(await namesUnder(root, name)));
    else if (entry.isFile()) names.push(name);
  }
  return names;
}

async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (MEANS_ABSENT.has(fileErrorCode(error) ?? "")) return null;
    throw error;
  }
}
