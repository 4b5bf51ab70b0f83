// Judges every key of the state by what a place has of it.

import { DAY, type UnixSeconds } from "../core/clock.ts";
import { type ExposureKey, ReportType } from "../core/exposure-key.ts";
import { intervalStart } from "../core/intervals.ts";
import { compareKeyData } from "../core/sort-keys.ts";
import { type ComparedField, differingFields, type PublishedKey, publishedKeys } from "./key-values.ts";
import type { ArchiveFacts } from "./proof-types.ts";
import type { SpilledKeys } from "./spill-keys.ts";

/** Phones match no sightings that are older (DB 4.1). */
const MATCHED_SECONDS = 14 * DAY;

export type KeyVerdict =
  /** The place has it with the same values. */
  | { readonly verdict: "covered" }
  /** Revoked at the state and not published at the place, which is the same for phones. */
  | { readonly verdict: "withdrawn" }
  /** Too old to be matched by any phone. */
  | { readonly verdict: "expired" }
  /** Not there, or with other values, but so new at the state that it may be on its way. */
  | { readonly verdict: "on_the_way" }
  | { readonly verdict: "missing" }
  | { readonly verdict: "different"; readonly fields: readonly ComparedField[] };

export interface ComparedKey {
  /** Position of the key in the state's keys. */
  readonly position: number;
  /** Number of the state's archive that decided: the one with the values, or the first one of a missing key. */
  readonly archive: number;
  readonly verdict: KeyVerdict;
}

export interface Side {
  readonly spilled: SpilledKeys;
  readonly archives: readonly ArchiveFacts[];
}

export interface CompareTimes {
  readonly now: UnixSeconds;
  /** How long a key of the state may take to the place. */
  readonly lagSeconds: number;
}

/** One verdict for each distinct key of the state. Both sides hold the same partition. */
export function* compareKeys(state: Side, place: Side, times: CompareTimes): Generator<ComparedKey, void, void> {
  const others = publishedKeys(place.spilled, place.archives);
  let other = others.next();
  for (const key of publishedKeys(state.spilled, state.archives)) {
    const order = () =>
      other.done ? 1 : compareKeyData(place.spilled.keys, other.value.position, state.spilled.keys, key.position);
    while (order() < 0) other = others.next();
    const found = order() === 0 && !other.done ? place.spilled.keys.at(other.value.position) : null;
    yield judge(state, key, found, times);
  }
}

function judge(
  { spilled, archives }: Side,
  { position, archive, firstArchive }: PublishedKey,
  found: ExposureKey | null,
  { now, lagSeconds }: CompareTimes,
): ComparedKey {
  const key = spilled.keys.at(position);
  const isRecent = (number: number) => (archives[number]?.end ?? 0) > now - lagSeconds;
  const fields = found === null ? [] : differingFields(key, found);
  if (found !== null && fields.length === 0) return { position, archive, verdict: { verdict: "covered" } };
  if (intervalStart(key.rollingStart + key.rollingPeriod) <= now - MATCHED_SECONDS) {
    return { position, archive, verdict: { verdict: "expired" } };
  }
  if (found === null && key.reportType === ReportType.revoked) {
    return { position, archive, verdict: { verdict: "withdrawn" } };
  }
  const deciding = found === null ? firstArchive : archive;
  if (isRecent(deciding)) return { position, archive: deciding, verdict: { verdict: "on_the_way" } };
  return {
    position,
    archive: deciding,
    verdict: found === null ? { verdict: "missing" } : { verdict: "different", fields },
  };
}
