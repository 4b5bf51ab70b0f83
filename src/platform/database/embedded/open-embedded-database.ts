// Opens the embedded database: a PostgreSQL inside this program, for one process at a time.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CodedError } from "../../../core/coded-error.ts";
import type { Database, DatabaseErrorCode } from "../database.ts";
import { databaseOverSessions } from "../database-over-sessions.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { freeBytesAt } from "./free-bytes.ts";
import { WorkerSessions } from "./worker-sessions.ts";

export interface EmbeddedDatabaseOptions {
  /** Where the database lives; created when missing. null keeps it in memory. */
  readonly folder: string | null;
}

/**
 * Opens the database; a crash of the process loses nothing that was committed, a power cut may.
 * Throws `database_locked` (another process has the folder), `database_folder_invalid` (it cannot be used) and
 * `database_unreachable` (the database did not start).
 */
export async function openEmbeddedDatabase({ folder }: EmbeddedDatabaseOptions): Promise<Database> {
  if (folder === null) return databaseOverSessions("embedded", await WorkerSessions.start({ dataFolder: null }));
  createFolder(folder);
  const lock = lockFolder(folder);
  const sessions = await startLocked(folder, lock);
  const database = databaseOverSessions("embedded", sessions);
  return {
    ...database,
    freeBytes: () => freeBytesAt(folder),
    close: () => database.close().finally(() => lock.release()),
  };
}

function createFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `the data folder ${folder} cannot be created`;
    throw new CodedError<DatabaseErrorCode>("database_folder_invalid", message, { cause });
  }
}

async function startLocked(folder: string, lock: FolderLock): Promise<WorkerSessions> {
  try {
    return await WorkerSessions.start({ dataFolder: join(folder, "data") });
  } catch (error) {
    lock.release();
    throw error;
  }
}
