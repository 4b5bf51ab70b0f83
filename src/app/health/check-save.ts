// Whether an upload could be stored now: tried by a save that is undone, in time for an answer.

import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";

/** What is wrong, as the health checks show it. `database_refuses_saves`: it answers, and takes no keys. */
export type SaveCheckFailure = "database_full" | "database_busy" | "database_unreachable" | "database_refuses_saves";

/** PostgreSQL's log grows by files of 16 MiB, and the embedded database ends itself where one cannot be made. */
const LEAST_ROOM_BYTES = 2 * 16 * 1_024 ** 2;

/** Answers within the bound; null: nothing is wrong. `trySave` rejects where an upload would fail. */
export async function checkSave(
  { freeBytes }: Pick<Database, "freeBytes">,
  trySave: () => Promise<void>,
  withinMilliseconds: number,
): Promise<SaveCheckFailure | null> {
  if ((freeBytes?.() ?? Number.POSITIVE_INFINITY) < LEAST_ROOM_BYTES) return "database_full";
  const late = Promise.withResolvers<"database_busy">();
  const timer = setTimeout(() => late.resolve("database_busy"), withinMilliseconds);
  try {
    return await Promise.race([trySave().then(() => null), late.promise]);
  } catch (error) {
    const code = codeOf(error);
    return code === "database_full" || code === "database_busy" || code === "database_unreachable"
      ? code
      : "database_refuses_saves";
  } finally {
    clearTimeout(timer);
  }
}
