// What phones make of a key that a tree published once or several times.

import { type ExposureKey, ReportType } from "../core/exposure-key.ts";
import { compareKeyData, sortedPositions } from "../core/sort-keys.ts";
import type { ArchiveFacts } from "./proof-types.ts";
import type { SpilledKeys } from "./spill-keys.ts";

/** One key of a tree: all its occurrences in one. */
export interface PublishedKey {
  /** Position of the occurrence whose values count. */
  readonly position: number;
  /** Number of the archive with these values. */
  readonly archive: number;
  /** Number of the archive that published it first. */
  readonly firstArchive: number;
}

/** The distinct keys in ascending order of their bytes. The latest revision counts, without one the latest primary. */
export function* publishedKeys(
  { keys, origins }: SpilledKeys,
  archives: readonly ArchiveFacts[],
): Generator<PublishedKey, void, void> {
  const endOf = (position: number) => archives[(origins[position] ?? 0) >>> 1]?.end ?? 0;
  const isRevised = (position: number) => (origins[position] ?? 0) % 2 === 1;
  const isLater = (a: number, b: number) => (isRevised(a) === isRevised(b) ? endOf(a) >= endOf(b) : isRevised(a));
  const positions = sortedPositions(keys);
  for (let at = 0; at < positions.length; ) {
    let counting = positions[at] ?? 0;
    let first = counting;
    const key = counting;
    for (at++; at < positions.length && compareKeyData(keys, positions[at] ?? 0, keys, key) === 0; at++) {
      const position = positions[at] ?? 0;
      if (isLater(position, counting)) counting = position;
      if (endOf(position) < endOf(first)) first = position;
    }
    yield { position: counting, archive: (origins[counting] ?? 0) >>> 1, firstArchive: (origins[first] ?? 0) >>> 1 };
  }
}

export type ComparedField = "rollingStart" | "rollingPeriod" | "reportType" | "transmissionRisk" | "daysSinceOnset";

/** The fields in which phones would treat two keys with the same bytes differently (DB 4.1: an absent type is a confirmed test, an absent risk 0). */
export function differingFields(a: ExposureKey, b: ExposureKey): ComparedField[] {
  const differs: Record<ComparedField, boolean> = {
    rollingStart: a.rollingStart !== b.rollingStart,
    rollingPeriod: a.rollingPeriod !== b.rollingPeriod,
    reportType: (a.reportType ?? ReportType.confirmed) !== (b.reportType ?? ReportType.confirmed),
    transmissionRisk: (a.transmissionRisk ?? 0) !== (b.transmissionRisk ?? 0),
    daysSinceOnset: a.daysSinceOnset !== b.daysSinceOnset,
  };
  return FIELDS.filter((field) => differs[field]);
}

const FIELDS: readonly ComparedField[] = [
  "rollingStart",
  "rollingPeriod",
  "reportType",
  "transmissionRisk",
  "daysSinceOnset",
];
