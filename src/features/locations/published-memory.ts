// What a location has published of given keys, without reading all that it ever published: the prefixes of its keys stay
// in this process, so that only the few records are read that may be of the given keys.

import { KeyBatch } from "../../core/key-batch.ts";
import { prefixesOf, sortPositions } from "../../core/sort-keys.ts";
import { runWithPauses } from "../../core/steps.ts";
import type { Db } from "../../platform/database/database.ts";
import { letOthersWork } from "../../platform/time/let-others-work.ts";
import { matchingPositions } from "./key-prefixes.ts";
import { type RememberedArchive, readRecords, readRecordsAt, readRememberedArchives } from "./memory-queries.ts";

export interface PublishedMemory {
  /**
   * What each archive that the location remembers holds of the keys of `wanted`, and perhaps of a few others; oldest
   * first, sorted by key data.
   */
  heldOf(db: Db, locationId: number, wanted: readonly KeyBatch[]): AsyncIterable<KeyBatch>;
  /** Spares reading the records of an archive that was just committed. */
  remember(locationId: number, digest: string, records: KeyBatch): void;
}

/** Of so many keys the prefixes are kept, in 64 MB; archives beyond that are read each time. */
const MOST_KEYS = 16 * 1024 * 1024;
/** Where more than one in so many records is wanted, reading all is faster. */
const WORTH_PICKING = 32;

export function createPublishedMemory(mostKeys = MOST_KEYS): PublishedMemory {
  /** By location and digest. What an archive published never changes, so nothing here can be out of date. */
  const locations = new Map<number, Map<string, Uint32Array>>();
  let keyCount = 0;

  /** Forgets what the location no longer remembers. */
  function prefixesAt(locationId: number, archives: readonly RememberedArchive[]): Map<string, Uint32Array> {
    const known = locations.get(locationId) ?? new Map<string, Uint32Array>();
    const digests = new Set(archives.map(({ digest }) => digest));
    for (const [digest, prefixes] of known) {
      if (digests.has(digest)) continue;
      known.delete(digest);
      keyCount -= prefixes.length;
    }
    locations.set(locationId, known);
    return known;
  }

  function keep(locationId: number, digest: string, records: KeyBatch): void {
    const known = locations.getOrInsertComputed(locationId, () => new Map<string, Uint32Array>());
    if (known.has(digest) || keyCount + records.length > mostKeys) return;
    known.set(digest, prefixesOf(records));
    keyCount += records.length;
  }

  return {
    remember: keep,
    async *heldOf(db, locationId, wanted) {
      if (wanted.every(({ length }) => length === 0)) return;
      const archives = await readRememberedArchives(db, locationId);
      const known = prefixesAt(locationId, archives);
      const wantedPrefixes = await sortedPrefixes(KeyBatch.concat(wanted));
      for (const { seq, digest } of archives) {
        const prefixes = known.get(digest);
        if (prefixes === undefined) {
          const records = await readRecords(db, locationId, seq);
          keep(locationId, digest, records);
          yield records;
          continue;
        }
        const positions = matchingPositions(prefixes, wantedPrefixes);
        if (positions.length === 0) continue;
        yield positions.length * WORTH_PICKING > prefixes.length
          ? await readRecords(db, locationId, seq)
          : await readRecordsAt(db, locationId, seq, positions);
      }
    },
  };
}

/** Not by the array's own sort, which leaves no room for others. */
async function sortedPrefixes(batch: KeyBatch): Promise<Uint32Array> {
  const prefixes = prefixesOf(batch);
  const positions = await runWithPauses(sortPositions(batch), letOthersWork);
  return positions.map((position) => prefixes[position] ?? 0);
}
