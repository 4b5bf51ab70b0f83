// One writer at a time in a folder, over all processes of a machine.
//
// The lock is SQLite's lock on an empty file: the kernel gives it up the moment its holder dies, however that happens,
// so nobody ever has to judge whether a lock that was found is stale.

import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";

const SQLITE_BUSY = 5;
const FIRST_WAIT_MILLISECONDS = 1;
const LONGEST_WAIT_MILLISECONDS = 20;
const PATIENCE_MILLISECONDS = 60_000;

/** Waiters of this process queue here, so that only one of them at a time asks the kernel. */
const queues = new Map<string, Promise<unknown>>();

/** Runs `work` while no other holder of the lock at `path`, here or in another process, runs. */
export async function withFolderLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const mine = before.then(() => withFileLock(path, work));
  const done = mine.then(
    () => undefined,
    () => undefined,
  );
  queues.set(path, done);
  try {
    return await mine;
  } finally {
    if (queues.get(path) === done) queues.delete(path);
  }
}

async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(path);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(path: string): Promise<DatabaseSync> {
  let pause = FIRST_WAIT_MILLISECONDS;
  for (let waited = 0; ; waited += pause) {
    const lock = new DatabaseSync(path, { timeout: 0 });
    try {
      // Without a journal in a file, so that a full disk still lets objects be deleted.
      lock.exec("pragma journal_mode = memory; begin exclusive");
      return lock;
    } catch (error) {
      lock.close();
      if (!isBusy(error) || waited > PATIENCE_MILLISECONDS) throw error;
    }
    await wait(pause);
    pause = Math.min(pause * 2, LONGEST_WAIT_MILLISECONDS);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY;
}
