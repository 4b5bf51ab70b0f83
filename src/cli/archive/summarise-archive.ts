// What `enks archive inspect` tells about an archive, as plain values; with --json they are the output.

import type { RefusedKey, SignatureInfo } from "../../archive/archive-types.ts";
import type { InspectedArchive, Unusual } from "../../archive/inspect-archive.ts";
import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import { daysBetween, intervalNumber, intervalStart } from "../../core/intervals.ts";
import type { KeyBatch } from "../../core/key-batch.ts";

/** How many keys have a value; null where it is absent. */
export interface ValueCount {
  readonly value: number | null;
  readonly count: number;
}

export interface KeySummary {
  readonly count: number;
  readonly reportType: readonly ValueCount[];
  readonly transmissionRisk: readonly ValueCount[];
  readonly rollingPeriod: readonly ValueCount[];
  /** Whole UTC days from a key's first day to the day of the archive's end. */
  readonly ageDays: readonly ValueCount[];
  readonly daysSinceOnset: readonly ValueCount[];
}

export interface ArchiveSummary {
  readonly digest: string;
  readonly exportBytes: number;
  readonly window: {
    readonly start: UnixSeconds;
    readonly end: UnixSeconds;
    readonly from: string;
    readonly until: string;
  };
  readonly region: string;
  readonly batchNum: number | null;
  readonly batchSize: number | null;
  readonly signatureInfos: readonly SignatureInfo[];
  readonly signatures: readonly SignatureInfo[];
  readonly primaries: KeySummary;
  readonly revised: KeySummary;
  readonly refused: {
    readonly count: number;
    readonly byReason: Readonly<Partial<Record<KeyRefusal, number>>>;
    readonly first: readonly RefusedKey[];
  };
  readonly unusual: readonly Unusual[];
}

export function summariseArchive(archive: InspectedArchive): ArchiveSummary {
  const { content, signatures, exportBin, digest, unusual } = archive;
  const { start, end, region, batchNum, batchSize, signatureInfos } = content.header;
  return {
    digest,
    exportBytes: exportBin.length,
    window: { start, end, from: isoTime(start), until: isoTime(end) },
    region,
    batchNum,
    batchSize,
    signatureInfos,
    signatures: signatures.map(({ info }) => info),
    primaries: summariseKeys(content.primaries, end),
    revised: summariseKeys(content.revised, end),
    refused: {
      count: Object.values(content.refusedCounts).reduce((sum, count) => sum + count, 0),
      byReason: content.refusedCounts,
      first: content.refused,
    },
    unusual,
  };
}

function summariseKeys(batch: KeyBatch, end: UnixSeconds): KeySummary {
  const endInterval = intervalNumber(end);
  return {
    count: batch.length,
    reportType: countValues(batch, (index) => batch.reportType(index)),
    transmissionRisk: countValues(batch, (index) => batch.transmissionRisk(index)),
    rollingPeriod: countValues(batch, (index) => batch.rollingPeriod(index)),
    ageDays: countValues(batch, (index) => daysBetween(batch.rollingStart(index), endInterval)),
    daysSinceOnset: countValues(batch, (index) => batch.daysSinceOnset(index)),
  };
}

/** Ascending, the absent value last. */
function countValues(batch: KeyBatch, valueAt: (index: number) => number | null): ValueCount[] {
  const counts = new Map<number | null, number>();
  for (let index = 0; index < batch.length; index++) {
    const value = valueAt(index);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return Array.from(counts, ([value, count]) => ({ value, count })).sort(
    (a, b) => (a.value ?? Number.POSITIVE_INFINITY) - (b.value ?? Number.POSITIVE_INFINITY),
  );
}

/** Sightings older than this are not matched by phones (DB 4.1). */
const MATCHED_DAYS = 14;

/** How many keys are still of use to phones at an instant: over, and not too old. */
export function countUsable(batch: KeyBatch, at: UnixSeconds): { usable: number; notOver: number; tooOld: number } {
  const counts = { usable: 0, notOver: 0, tooOld: 0 };
  for (let index = 0; index < batch.length; index++) {
    const end = intervalStart(batch.rollingStart(index) + batch.rollingPeriod(index));
    counts[end > at ? "notOver" : end <= at - MATCHED_DAYS * DAY ? "tooOld" : "usable"]++;
  }
  return counts;
}
