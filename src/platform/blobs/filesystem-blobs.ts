// Objects as plain files: the folder can be read by people and served by any web server.
//
// Each object is one file under its own name. Beside them there is only `.enks`, with the lock and, while a write lasts,
// its unfinished file. How an object is served follows from its name (object-headers.ts), so `put` stores no headers.

import { realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { CodedError } from "../../core/coded-error.ts";
import {
  fileErrorCode,
  makeFolders,
  makeFolderTree,
  removeEmptyFolders,
  syncFolder,
  writeNewFile,
} from "../files/durable-files.ts";
import { requireConditions, versionOf } from "./blob-conditions.ts";
import { invalidBlobName, requireBlobName } from "./blob-name.ts";
import type { BlobErrorCode, BlobStore, PutOptions } from "./blob-store.ts";
import { withFolderLock } from "./folder-lock.ts";
import { listObjectFiles, openObjectReader, readObjectFile, statObjectFile } from "./read-object-files.ts";

const OWN_FOLDER = ".enks";

/**
 * Opens (and if need be makes) the folder, and clears what a crash left behind. All processes of one machine may share a
 * folder: every change holds its lock. A folder that other machines change as well is not supported.
 */
export async function openFilesystemBlobs(folder: string): Promise<BlobStore> {
  return translateErrors(folder, async () => {
    await makeFolderTree(folder);
    const root = await realpath(folder);
    await makeFolders(root, [OWN_FOLDER]);
    await withLock(root, () => removeLeftover(root));
    return storeIn(root);
  });
}

function storeIn(root: string): BlobStore {
  return {
    put: (name, bytes, options) => changeObject(root, name, () => putFile(root, name, bytes, options)),
    delete: (name) => changeObject(root, name, () => deleteFile(root, name)),
    get: (name) =>
      translateErrors(name, async () => {
        requireBlobName(name);
        await requireNoLinks(root, name);
        return readObjectFile(join(root, name));
      }),
    stat: (name) =>
      translateErrors(name, async () => {
        requireBlobName(name);
        await requireNoLinks(root, name);
        return (await statObjectFile(join(root, name)))?.stat ?? null;
      }),
    read: (name, stat, range) =>
      translateErrors(name, async () => {
        requireBlobName(name);
        await requireNoLinks(root, name);
        const reader = await openObjectReader(join(root, name), stat, range);
        if (reader === null) return null;
        return { ...reader, readInto: (into) => translateErrors(name, () => reader.readInto(into)) };
      }),
    list: (prefix) => translateErrors(prefix, () => listObjectFiles(root, prefix)),
  };
}

function changeObject<T>(root: string, name: string, change: () => Promise<T>): Promise<T> {
  return translateErrors(name, async () => {
    requireBlobName(name);
    return withLock(root, async () => {
      await requireNoLinks(root, name);
      return change();
    });
  });
}

async function putFile(root: string, name: string, bytes: Uint8Array, options: PutOptions): Promise<string> {
  if (options.ifAbsent === true || options.ifVersion !== undefined) {
    const current = await readObjectFile(join(root, name));
    requireConditions(name, current?.version ?? null, options);
  }
  await removeLeftover(root);
  const replaced = await statObjectFile(join(root, name));
  try {
    await writeNewFile(unfinishedFile(root), bytes, { modifiedAfter: replaced?.modifiedAt ?? null });
    const parent = await makeFolders(root, foldersOf(name));
    await rename(unfinishedFile(root), join(root, name));
    await syncFolder(parent);
  } catch (error) {
    await removeLeftover(root);
    await removeEmptyFolders(root, foldersOf(name));
    throw error;
  }
  return versionOf(bytes);
}

async function deleteFile(root: string, name: string): Promise<void> {
  if ((await readObjectFile(join(root, name))) === null) return;
  await rm(join(root, name));
  await syncFolder(join(root, ...foldersOf(name)));
  await removeEmptyFolders(root, foldersOf(name));
}

/** Who writes holds the lock, so an unfinished file that is found while we hold it belongs to nobody. */
async function removeLeftover(root: string): Promise<void> {
  await rm(unfinishedFile(root), { force: true });
}

function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  return withFolderLock(join(root, OWN_FOLDER, "lock"), work);
}

function unfinishedFile(root: string): string {
  return join(root, OWN_FOLDER, "unfinished");
}

/**
 * A folder on the way that is a link leads out of the tree, or to an object under a second name. Throws
 * `blob_name_invalid`.
 */
async function requireNoLinks(root: string, name: string): Promise<void> {
  const folder = join(root, ...foldersOf(name));
  try {
    if ((await realpath(folder)) === folder) return;
  } catch (error) {
    // What is not there is no link.
    if (MEANS_NOTHING_THERE.has(fileErrorCode(error) ?? "")) return;
    throw error;
  }
  throw invalidBlobName(name);
}

const MEANS_NOTHING_THERE = new Set(["ENOENT", "ENOTDIR"]);

function foldersOf(name: string): string[] {
  return name.split("/").slice(0, -1);
}

const MEANS_FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const MEANS_CLASH = new Set(["EISDIR", "ENOTDIR", "ENOTEMPTY", "ENAMETOOLONG"]);

async function translateErrors<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const code = fileErrorCode(error) ?? "";
    if (MEANS_CLASH.has(code)) throw invalidBlobName(name, error);
    if (MEANS_FULL.has(code)) throw storageFull(name, error);
    throw storageFailed(name, error);
  }
}

function storageFull(name: string, cause: unknown): CodedError<BlobErrorCode> {
  return new CodedError("blob_storage_full", `There is no room left for ${name}; nothing was written.`, {
    remedy: "Make room on the disk (or raise the quota); the next run writes it again.",
    cause,
  });
}

function storageFailed(name: string, cause: unknown): CodedError<BlobErrorCode> {
  return new CodedError("blob_storage_failed", `The file system refused to work on ${name}: ${String(cause)}`, {
    cause,
  });
}
