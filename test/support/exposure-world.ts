// Saving exposure keys in tests, and reading back what exports would read.

import { HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import type { ExposureKey } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { KeyFilter, KeyOrigin, SaveRequest, SaveResult } from "../../src/features/exposures/exposure-types.ts";
import { readKeysOfOrigin, readReleasedPage, readRevisedPage } from "../../src/features/exposures/page-queries.ts";
import { saveKeys } from "../../src/features/exposures/save-keys.ts";
import type { Database, Db } from "../../src/platform/database/database.ts";
import { START } from "./location-world.ts";

/** In the sixth hour of the day. */
export const NOW = START + 5 * HOUR + 17;
export const STATE: KeyOrigin = { kind: "import", supplierId: 1 };

export const EVERYWHERE: KeyFilter = { includeRegions: ["XX", "YY", "ZZ"], excludeRegions: [], travelers: "also" };

export function batch(...keys: ExposureKey[]): KeyBatch {
  return KeyBatch.from(keys);
}

export function save(database: Database, changes: Partial<SaveRequest>): Promise<SaveResult> {
  return database.transaction((tx) => saveIn(tx, changes));
}

export function saveIn(tx: Db, changes: Partial<SaveRequest>): Promise<SaveResult> {
  const request: SaveRequest = {
    origin: STATE,
    regions: ["XX"],
    traveler: false,
    now: NOW,
    primaries: KeyBatch.empty,
    revised: KeyBatch.empty,
    ...changes,
  };
  return saveKeys(tx, request, { truncateWindowSeconds: HOUR });
}

/** With the values in force, ascending. */
export async function storedKeys(database: Database): Promise<ExposureKey[]> {
  return copies(await readKeysOfOrigin(database.db, ["upload", "import", "federation"], null, 100_000));
}

export const forever = { start: 0, end: 4_000_000_000, filter: EVERYWHERE, after: null, limit: 100_000 };

export async function releasedBetween(database: Database, start: UnixSeconds, end: UnixSeconds, filter = EVERYWHERE) {
  return copies((await readReleasedPage(database.db, { ...forever, start, end, filter })).valid);
}

export async function revisedBetween(database: Database, start: UnixSeconds, end: UnixSeconds) {
  return copies((await readRevisedPage(database.db, { ...forever, start, end })).valid);
}

export function copies(keys: KeyBatch): ExposureKey[] {
  return Array.from(keys, (key) => ({ ...key, keyData: Uint8Array.from(key.keyData) }));
}
