// Makes a data folder so that it is whole or not there: its configuration comes last, by a rename.

import { constants, existsSync } from "node:fs";
import { access, readdir, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { CodedError } from "../../core/coded-error.ts";
import { withFolderLock } from "../../platform/blobs/folder-lock.ts";
import type { Config } from "../../platform/config/config.ts";
import { CONFIG_FILE } from "../../platform/config/read-config-file.ts";
import { fileErrorCode, makeFolderTree, syncFolder, writeNewFile } from "../../platform/files/durable-files.ts";
import { configText } from "./config-text.ts";
import type { InitErrorCode } from "./wanted-settings.ts";

const OWNER_ONLY_FOLDER = 0o700;
/** The database's URL may be in it. */
const OWNER_ONLY_FILE = 0o600;
/** There while a folder is being made, and locked by the process that makes it; without a lock, that process died. */
const UNFINISHED = ".enks-init";

export type Stores = Pick<Config, "database" | "blobs" | "signingKeys" | "encryptionKeys">;

/**
 * Makes the folder, has `fill` make what belongs into it, and writes the configuration. Where any of it fails, what was
 * made is removed again. What a process that was killed has left is removed first. Throws `data_folder_unusable`, also
 * where other things lie in the folder, `config_exists`, and what `fill` throws.
 */
export async function makeFolder<T>(
  folder: string,
  wanted: unknown,
  stores: Stores,
  fill: () => Promise<T>,
): Promise<T> {
  const outermost = await usingFolder(folder, () => makeFolderTree(folder, OWNER_ONLY_FOLDER));
  try {
    const left = await usingFolder(folder, () => requireUnused(folder, stores));
    return await withFolderLock(join(folder, UNFINISHED), () => makeLocked(folder, wanted, stores, left, fill));
  } catch (error) {
    if (outermost !== undefined) await removeEmpty(folder, outermost);
    throw error;
  }
}

/** `left`: what a process that was killed may have made. */
async function makeLocked<T>(
  folder: string,
  wanted: unknown,
  stores: Stores,
  left: readonly string[],
  fill: () => Promise<T>,
): Promise<T> {
  const config = join(folder, CONFIG_FILE);
  const unfinished = `${config}.unfinished`;
  let fresh: readonly string[] = [];
  try {
    if (existsSync(config)) throw madeMeanwhile(config);
    await removeAll([...left, unfinished]);
    fresh = storeFolders(stores).filter((path) => !existsSync(path));
    await usingFolder(folder, () =>
      writeNewFile(unfinished, Buffer.from(configText(wanted)), { mode: OWNER_ONLY_FILE }),
    );
    const filled = await fill();
    await usingFolder(folder, async () => {
      await rename(unfinished, config);
      await syncFolder(folder);
    });
    return filled;
  } catch (error) {
    await removeAll([...fresh, unfinished]);
    throw error;
  } finally {
    await rm(join(folder, UNFINISHED), { force: true });
  }
}

/**
 * Beside hidden files a new folder is empty, unless it was begun: everything in it was then made here. Answers what that
 * is.
 */
async function requireUnused(folder: string, stores: Stores): Promise<string[]> {
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  const names = await readdir(folder);
  if (names.includes(UNFINISHED)) {
    return storeFolders(stores).filter((path) => resolve(path).startsWith(resolve(folder) + sep));
  }
  if (names.includes(CONFIG_FILE)) throw madeMeanwhile(join(folder, CONFIG_FILE));
  if (names.every((name) => name.startsWith("."))) return [];
  throw unusable(folder, "there are other things in it", "Name a new folder, or an empty one.");
}

function storeFolders({ database, blobs, signingKeys, encryptionKeys }: Stores): string[] {
  const stores = [database, blobs, signingKeys, encryptionKeys];
  return stores.flatMap((store) => ("folder" in store ? [store.folder] : []));
}

/** As far as it can: the reason for which it is called says more than what cannot be removed. */
async function removeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/** Removes the folder and those that were made above it, as far as they are empty. */
async function removeEmpty(folder: string, outermost: string): Promise<void> {
  for (let path = resolve(folder); path.startsWith(resolve(outermost)); path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

async function usingFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const systemCode = fileErrorCode(error);
    if (error instanceof CodedError || systemCode === undefined) throw error;
    const remedy = "Name a folder on a local disk that this user may write to, and that has room.";
    throw unusable(folder, systemCode, remedy, error);
  }
}

function unusable(folder: string, why: string, remedy: string, cause?: unknown): CodedError {
  const message = `the folder ${resolve(folder)} cannot be used: ${why}`;
  return new CodedError<InitErrorCode>("data_folder_unusable", message, { remedy, cause });
}

function madeMeanwhile(config: string): CodedError {
  return new CodedError<InitErrorCode>("config_exists", `${config} was made meanwhile by another process`, {
    remedy: "Run the command again: it says whether that file is the one that is wanted.",
  });
}
