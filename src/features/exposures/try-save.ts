// A save that is undone: shows whether an upload could be stored, by the way that uploads take.

import type { UnixSeconds } from "../../core/clock.ts";
import { INTERVALS_PER_DAY, intervalNumber } from "../../core/intervals.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { Random } from "../../core/random.ts";
import type { Database, StatementLimits } from "../../platform/database/database.ts";
import type { SaveSettings } from "./save-context.ts";
import { beginNewKeys } from "./save-new-keys.ts";

class Undone extends Error {}

/** Holds the horizon, stores a key that nobody has, and rolls back. Rejects as an upload would. */
export async function trySave(
  { database, random, settings }: { database: Database; random: Random; settings: SaveSettings },
  now: UnixSeconds,
  limits: StatementLimits,
): Promise<void> {
  const primaries = KeyBatch.from([
    {
      keyData: random.bytes(16),
      rollingStart: intervalNumber(now),
      rollingPeriod: INTERVALS_PER_DAY,
      transmissionRisk: null,
      reportType: null,
      daysSinceOnset: null,
    },
  ]);
  try {
    await database.transaction(async (tx) => {
      const save = await beginNewKeys(tx, primaries, settings);
      await save.insert({ origin: { kind: "upload" }, regions: [], traveler: false, now, primaries });
      throw new Undone();
    }, limits);
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
  }
}
