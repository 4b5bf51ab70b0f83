// An export into the location "client", and keys for it, for tests that open a server on a data folder.

import { HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { OpenFolder } from "./open-data-folder.ts";

/** Makes the location and its signing key "seal". */
export async function createClientLocation({ signingKeys, locations }: OpenFolder): Promise<void> {
  await signingKeys.create("seal");
  await locations.create({ name: "client", seal: { signingKey: "seal", keyId: "262", keyVersion: "v1", from: 0 } });
}

/** Windows of four hours from `from` on, without padding. */
export async function createExport({ exports }: OpenFolder, from: UnixSeconds, maxRecords: number): Promise<void> {
  await exports.create({
    name: "main",
    location: "client",
    region: "XX",
    filter: { includeRegions: [], excludeRegions: [], travelers: "region" },
    periodSeconds: 4 * HOUR,
    from,
    thru: null,
    backfillSeconds: 0,
    maxRecords,
    minRecords: 0,
    paddingRange: 0,
  });
}

/** As uploaded at `now`. */
export async function saveKeys(
  { database, exposures }: OpenFolder,
  now: UnixSeconds,
  primaries: KeyBatch,
): Promise<void> {
  const request = { origin: { kind: "upload" as const }, regions: ["XX"], traveler: false, now };
  await database.transaction((tx) => exposures.save(tx, { ...request, primaries, revised: KeyBatch.empty }));
}
