// From the bytes of an archive to the keys that may be saved, with every other key counted by its reason.

import type { TrustedKey } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import { judgeImport } from "../../core/validate-key.ts";
import { letOthersWork } from "../../platform/time/let-others-work.ts";
import { openFollowed } from "../upstreams/open-followed.ts";
import { sumOf } from "./import-counts.ts";
import type { ImportDeps, ImportErrorCode, ImportSource } from "./import-types.ts";

export interface JudgedArchive {
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /** Where its window begins: the source published nothing of it before. */
  readonly windowStart: UnixSeconds;
  /** All keys that stand in the archive. */
  readonly keyCount: number;
  readonly refusals: Readonly<Partial<Record<KeyRefusal, number>>>;
}

/**
 * Opens the archive with the keys trusted at `now` and judges each exposure key, its age by `discoveredAt`, so that an
 * outage of ours or of the source expires nothing. Throws CodedError<ArchiveErrorCode | ImportErrorCode>.
 */
export async function judgeArchive(
  { archiveTools, settings }: Pick<ImportDeps, "archiveTools" | "settings">,
  source: ImportSource,
  trustedKeys: readonly TrustedKey[],
  archive: { bytes: Uint8Array; discoveredAt: UnixSeconds; now: UnixSeconds },
): Promise<JudgedArchive> {
  const { bytes, discoveredAt, now } = archive;
  const opened = await openFollowed({ archiveTools, limits: settings }, source, trustedKeys, bytes, now);
  requireRegion(opened.header.region, source);
  const keyCount = opened.primaries.length + opened.revised.length + sumOf(opened.refusedCounts);
  requireKeyCount(keyCount, settings.archiveMaxKeys);
  const limits = { maxAgeSeconds: settings.maxAgeSeconds };
  await letOthersWork();
  const primaries = judgeImport(opened.primaries, "primary", discoveredAt, now, limits);
  await letOthersWork();
  const revised = judgeImport(opened.revised, "revised", discoveredAt, now, limits);
  return {
    primaries: primaries.kept,
    revised: revised.kept,
    windowStart: opened.header.start,
    keyCount,
    refusals: addUp(opened.refusedCounts, primaries.refusedCounts, revised.refusedCounts),
  };
}

function requireRegion(region: string, source: ImportSource): void {
  if (source.headerRegions.includes(region.toUpperCase())) return;
  throw refused("archive_region_not_allowed", `the archive is of region ${JSON.stringify(region.slice(0, 20))}`);
}

function requireKeyCount(count: number, most: number): void {
  if (count > most) throw refused("archive_too_many_keys", `the archive holds ${count} keys, more than ${most}`);
}

function refused(code: ImportErrorCode, message: string): CodedError<ImportErrorCode> {
  return new CodedError(code, message);
}

function addUp(...parts: JudgedArchive["refusals"][]): JudgedArchive["refusals"] {
  const sums: Record<string, number> = {};
  for (const [reason, count] of parts.flatMap((part) => Object.entries(part))) {
    sums[reason] = (sums[reason] ?? 0) + count;
  }
  return sums;
}
