// Changes in a folder that survive a power cut once they are reported as done.

import { chmod, type FileHandle, mkdir, open, rmdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Everybody may read: a web server under another account serves the folder (KS 13.7, X10). */
const READABLE_FILE = 0o644;
const READABLE_FOLDER = 0o755;

export interface NewFileOptions {
  /** Who may read it, whatever the umask; everybody unless given. */
  readonly mode?: number;
  /** Nanoseconds: its time of modification is later, even where the clock went back or stands in the same tick. */
  readonly modifiedAfter?: bigint | null;
}

/** Writes a new file and waits until its content is on the disk. */
export async function writeNewFile(path: string, bytes: Uint8Array, options: NewFileOptions = {}): Promise<void> {
  const { mode = READABLE_FILE, modifiedAfter = null } = options;
  const file = await open(path, "wx", mode);
  try {
    await file.chmod(mode);
    await file.writeFile(bytes);
    if (modifiedAfter !== null) await moveBehind(file, modifiedAfter);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function moveBehind(file: FileHandle, nanoseconds: bigint): Promise<void> {
  if ((await file.stat({ bigint: true })).mtimeNs > nanoseconds) return;
  // Two milliseconds: the call takes seconds as a double, which says no single nanoseconds.
  const seconds = (Math.floor(Number(nanoseconds / 1_000_000n)) + 2) / 1_000;
  await file.utimes(seconds, seconds);
}

/** Makes the names in a folder durable. Windows does not open folders, and needs no such step. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes the folder and those above it that are missing, so that they survive a power cut; one that is there already may
 * have been made right before the last. Answers the outermost that it made.
 */
export async function makeFolderTree(path: string, mode?: number): Promise<string | undefined> {
  const folder = resolve(path);
  const outermost = await mkdir(folder, { recursive: true, mode });
  await syncOuter(dirname(folder));
  if (outermost === undefined) return undefined;
  for (let made = folder; made !== outermost && made !== dirname(made); ) {
    made = dirname(made);
    await syncFolder(dirname(made));
  }
  return outermost;
}

/** A folder that others made, and that this user may not read, was there before. */
async function syncOuter(path: string): Promise<void> {
  try {
    await syncFolder(path);
  } catch (error) {
    if (!["EACCES", "EPERM"].includes(fileErrorCode(error) ?? "")) throw error;
  }
}

/** Makes the folders `segments` under `root`, one inside the other; answers the innermost. */
export async function makeFolders(root: string, segments: readonly string[]): Promise<string> {
  let path = root;
  for (const segment of segments) {
    path = join(path, segment);
    if (await makeFolder(path)) await syncFolder(dirname(path));
  }
  return path;
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, READABLE_FOLDER);
  } catch (error) {
    if (fileErrorCode(error) === "EEXIST") return false;
    throw error;
  }
  await chmod(path, READABLE_FOLDER);
  return true;
}

/** Removes the folders `segments` under `root` from the innermost outwards, as long as they are empty. */
export async function removeEmptyFolders(root: string, segments: readonly string[]): Promise<void> {
  for (let depth = segments.length; depth > 0; depth--) {
    try {
      await rmdir(join(root, ...segments.slice(0, depth)));
    } catch (error) {
      if (fileErrorCode(error) === "ENOENT") continue;
      return;
    }
  }
}

/** The system's name for what went wrong ("ENOENT"), if it has one. */
export function fileErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
