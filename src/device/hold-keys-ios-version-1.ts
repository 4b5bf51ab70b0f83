// Which keys iOS held before 13.7: no memory of earlier calls, so what comes twice counts twice (DB 4.2, July 2020).

import type { UnixSeconds } from "../core/clock.ts";
import type { KeyBatch } from "../core/key-batch.ts";
import { type HoldingOutcome, type KnownKeys, valuesHex } from "./hold-keys.ts";
import type { PhoneExport } from "./read-export.ts";

/** Duplicates are removed only among so many keys that stand together in a file. */
const GROUP_LENGTH = 256;

/**
 * Takes the primaries of one call into `known`, which only measures what was counted. Revised keys, report types and
 * days since onset are not read. A key is a repetition whenever it is counted again, in this call or in a later one.
 */
export function holdCallIosVersion1(
  known: KnownKeys,
  exports: readonly PhoneExport[],
  now: UnixSeconds,
): HoldingOutcome {
  const repeatedPrimaries: string[] = [];
  let added = 0;
  for (const [keyHex, values] of exports.flatMap(({ primaries }) => [...countedKeys(primaries)])) {
    const before = known[keyHex];
    if (before === undefined) added++;
    else repeatedPrimaries.push(keyHex);
    const firstSeenAt = before?.firstSeenAt ?? now;
    known[keyHex] = { values, firstSeenAt, submittedAt: now, hadPrimary: true, revised: false, revoked: false };
  }
  return { added, repeatedPrimaries, skippedRevisions: [] };
}

/** Within a group the later one of two wins. */
function* countedKeys(primaries: KeyBatch): Generator<[keyHex: string, values: string]> {
  for (let start = 0; start < primaries.length; start += GROUP_LENGTH) {
    const group = primaries.slice(start, start + GROUP_LENGTH);
    const counted = new Map<string, string>();
    for (let index = 0; index < group.length; index++) {
      counted.set(group.keyHex(index), withoutReport(valuesHex(group, index)));
    }
    yield* counted;
  }
}

/** Report type and days since onset are absent: the last two bytes of a record, as KeyBatch lays it out. */
function withoutReport(values: string): string {
  return `${values.slice(0, -4)}00ff`;
}
