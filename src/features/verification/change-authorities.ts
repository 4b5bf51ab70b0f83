// The frame of every change of authorities and keys: one after the other, and known to all processes at once.

import type { Db } from "../../platform/database/database.ts";
import { lockAuthorities, raiseRevision } from "./queries.ts";
import type { VerificationDeps } from "./verification-deps.ts";

export type ChangeDeps = Pick<VerificationDeps, "database" | "directory" | "archiveTools">;

/** Runs `change` in one transaction while nobody else changes anything. */
export async function changeAuthorities<T>(
  { database, directory }: ChangeDeps,
  change: (tx: Db) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    await lockAuthorities(tx);
    const result = await change(tx);
    await raiseRevision(tx);
    directory.noteChange();
    return result;
  });
}
