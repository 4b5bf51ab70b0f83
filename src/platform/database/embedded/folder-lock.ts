// The exclusive lock on a data folder. PGlite takes none, and two processes on one folder lose rows without an error.
//
// The lock is the operating system's own, taken through SQLite on the file `lock`: the kernel gives it to one process
// only and takes it back when that process dies, however it dies, so there is never a stale lock to judge and no race
// to break one. `lock-owner.json` beside it only tells people who the owner is.

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode } from "../database.ts";

export interface FolderLock {
  /** Gives the folder free; calling it again does nothing. */
  release(): void;
}

/**
 * Takes the lock of `folder`, which exists, for this process.
 * Throws `database_locked` when another process, or another part of this one, holds it, and
 * `database_folder_invalid` when the folder cannot be locked at all.
 */
export function lockFolder(folder: string): FolderLock {
  const owner = join(folder, "lock-owner.json");
  const file = openLockFile(folder);
  try {
    file.exec("pragma journal_mode = memory; begin exclusive");
  } catch (cause) {
    file.close();
    throw isBusy(cause) ? locked(folder, owner) : cannotLock(folder, cause);
  }
  writeFileSync(owner, `${JSON.stringify({ pid: process.pid, host: hostname(), program: process.argv[1] ?? "" })}\n`);
  return {
    release() {
      if (!file.isOpen) return;
      rmSync(owner, { force: true });
      file.close();
    },
  };
}

function openLockFile(folder: string): DatabaseSync {
  try {
    return new DatabaseSync(join(folder, "lock"), { timeout: 0 });
  } catch (cause) {
    throw cannotLock(folder, cause);
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}

function locked(folder: string, owner: string): CodedError<DatabaseErrorCode> {
  return new CodedError("database_locked", `the data folder ${folder} is in use by ${describeOwner(owner)}`, {
    remedy: "Stop that process, or give this one another data folder. Nothing needs to be deleted.",
  });
}

function cannotLock(folder: string, cause: unknown): CodedError<DatabaseErrorCode> {
  return new CodedError("database_folder_invalid", `the data folder ${folder} cannot be locked`, {
    remedy: "Use a folder on a local disk that this user may write to.",
    cause,
  });
}

function describeOwner(owner: string): string {
  try {
    const { pid, host, program }: Record<string, unknown> = JSON.parse(readFileSync(owner, "utf8"));
    return `process ${String(pid)} (${String(program)}) on ${String(host)} since ${statSync(owner).mtime.toISOString()}`;
  } catch {
    return "another process";
  }
}
