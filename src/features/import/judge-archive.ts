// From the bytes of an archive to the keys that may be saved, with every other key counted by its reason.

import type { TrustedKey } from "../../archive/archive-types.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { KeyRefusal } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { type JudgedImport, judgeImport, type KeyList } from "../../core/validate-key.ts";
import { letOthersWork } from "../../platform/time/let-others-work.ts";
import type { FetchedArchive } from "../upstreams/fetch-archive.ts";
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

/** Keys that are judged without a pause: a few milliseconds. */
const JUDGED_AT_ONCE = 50_000;

/**
 * Opens the archive with the keys trusted at `now` and judges each exposure key, its age by `discoveredAt`, so that an
 * outage of ours or of the source expires nothing. Throws CodedError<ArchiveErrorCode | ImportErrorCode>.
 */
export async function judgeArchive(
  { archiveTools, settings }: Pick<ImportDeps, "archiveTools" | "settings">,
  source: ImportSource,
  trustedKeys: readonly TrustedKey[],
  archive: FetchedArchive & { discoveredAt: UnixSeconds; now: UnixSeconds },
): Promise<JudgedArchive> {
  const { discoveredAt, now } = archive;
  const opened = await openFollowed({ archiveTools, limits: settings }, source, trustedKeys, archive, now);
  requireRegion(opened.header.region, source);
  const keyCount = opened.primaries.length + opened.revised.length + sumOf(opened.refusedCounts);
  const limits = { maxAgeSeconds: settings.maxAgeSeconds };
  const judge = (batch: KeyBatch, list: KeyList) =>
    judgeInPortions(batch, (portion) => judgeImport(portion, list, discoveredAt, now, limits));
  const primaries = await judge(opened.primaries, "primary");
  const revised = await judge(opened.revised, "revised");
  return {
    primaries: primaries.kept,
    revised: revised.kept,
    windowStart: opened.header.start,
    keyCount,
    refusals: addUp(opened.refusedCounts, primaries.refusedCounts, revised.refusedCounts),
  };
}

async function judgeInPortions(batch: KeyBatch, judge: (portion: KeyBatch) => JudgedImport): Promise<JudgedImport> {
  if (batch.length <= JUDGED_AT_ONCE) return judge(batch);
  const judged: JudgedImport[] = [];
  for (let start = 0; start < batch.length; start += JUDGED_AT_ONCE) {
    await letOthersWork();
    judged.push(judge(batch.slice(start, start + JUDGED_AT_ONCE)));
  }
  const refusedCounts = addUp(...judged.map((portion) => portion.refusedCounts));
  const isWhole = sumOf(refusedCounts) === 0;
  return { kept: isWhole ? batch : KeyBatch.concat(judged.map(({ kept }) => kept)), refusedCounts };
}

function requireRegion(region: string, source: ImportSource): void {
  if (source.headerRegions.includes(region.toUpperCase())) return;
  throw refused("archive_region_not_allowed", `the archive is of region ${JSON.stringify(region.slice(0, 20))}`);
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
