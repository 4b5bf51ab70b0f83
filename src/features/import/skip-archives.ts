// Settling an archive that an operator wants skipped, and opening it again where that is undone.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { lockArchives, writeProgress } from "./queries.ts";
import { type ArchiveEvent, type ArchiveState, nextProgress } from "./state-machine.ts";

/** Whoever works on it loses its lease. */
export function skipArchive(tx: Db, sourceId: number, line: string, now: UnixSeconds): Promise<void> {
  return carryOut(tx, sourceId, line, { kind: "skip" }, ["open", "leased", "retry", "quarantined"], now);
}

export function unskipArchive(tx: Db, sourceId: number, line: string, now: UnixSeconds): Promise<void> {
  return carryOut(tx, sourceId, line, { kind: "unskip" }, ["skipped"], now);
}

async function carryOut(
  tx: Db,
  sourceId: number,
  line: string,
  event: ArchiveEvent,
  states: readonly ArchiveState[],
  now: UnixSeconds,
): Promise<void> {
  for (const { id, progress } of await lockArchives(tx, sourceId, { states, line })) {
    const next = nextProgress(progress, event);
    if (next !== null) await writeProgress(tx, id, next, now);
  }
}
