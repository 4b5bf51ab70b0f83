// Transactions that other uploads got in the way of, run again: no phone hears of those that were faster.

import type { Database, Db } from "../../../platform/database/database.ts";
import { UPLOAD_LIMITS } from "./store-limits.ts";

/** Thrown inside a transaction: somebody else stored one of its keys between the look and the insert. */
export class OvertakenError extends Error {
  override readonly name = "OvertakenError";
}

const ATTEMPTS = 5;
/** The other one is through, so the next attempt sees its work. */
const UNIQUE_VIOLATION = "23505";

/** What `work` answered in the transaction that was committed; attempts count from 1. Rejects as the last attempt does. */
export async function storeRepeatedly<T>(
  database: Database,
  work: (tx: Db, attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction((tx) => work(tx, attempt), UPLOAD_LIMITS);
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof OvertakenError) return true;
  return error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION;
}
