// Which of the supplied keys a location has not published yet: each key once per location as a primary (DB I20).

import { ReportType } from "../../core/exposure-key.ts";
import { type KeyBatch, KeyBatchBuilder } from "../../core/key-batch.ts";
import { isRevoked, mayBecome } from "../../core/report-type.ts";
import { compareKeyData, pickInSteps, sortKeys } from "../../core/sort-keys.ts";
import { runWithPauses, type Steps } from "../../core/steps.ts";
import { letOthersWork } from "../../platform/time/let-others-work.ts";
import type { RemainingContent } from "./location-types.ts";

/**
 * Says what of `primaries` and `revised` is to be published, given what each remembered archive holds of them (oldest
 * first); what it holds of other keys makes no difference.
 */
export type ContentFilter = (
  primaries: KeyBatch,
  revised: KeyBatch,
  published: AsyncIterable<KeyBatch>,
) => Promise<RemainingContent>;

/**
 * Leaves out what was published here with the same report type, even if it was revised since: only another type is news
 * (KS 5.5), and servers repeat revised keys with the risk of the original. Leaves out what is an earlier state of what
 * stands here, too: a slower way (the nation's) must not undo what the faster one said. Turns a primary that stands here
 * with another type into a revised key. Never lets a key and its revision into one archive: one that is not published
 * yet goes out once with its final values, and only as a revised key when it is revoked by then. `published` batches are
 * sorted by key data.
 */
export const filterContent: ContentFilter = async (primaries, revised, published) => {
  const wanted = await runWithPauses(mergeLists(primaries, revised), letOthersWork);
  const standingOf = await compareWithPublished(wanted.keys, published);
  return runWithPauses(keepNew(wanted, standingOf), letOthersWork);
};

/** Keys that are gone through in one step. */
const KEYS_AT_ONCE = 50_000;

function* keepNew(wanted: MergedLists, standingOf: (index: number) => Standing): Steps<RemainingContent> {
  const kept: { primaries: number[]; revised: number[] } = { primaries: [], revised: [] };
  let leftOut = wanted.collapsed;
  let turnedRevised = 0;
  for (let index = 0; index < wanted.keys.length; index++) {
    if (index % KEYS_AT_ONCE === 0) yield;
    const standing = standingOf(index);
    if (standing === "same" || standing === "later") {
      leftOut++;
    } else if (standing === "other") {
      kept.revised.push(index);
      if (!wanted.isRevised(index)) turnedRevised++;
    } else if (wanted.isPrimary(index) && !isRevoked(wanted.keys.reportType(index))) {
      kept.primaries.push(index);
    } else {
      kept.revised.push(index);
    }
  }
  function* keep(positions: number[]): Steps<KeyBatch> {
    return positions.length === wanted.keys.length ? wanted.keys : yield* pickInSteps(wanted.keys, positions);
  }
  return { primaries: yield* keep(kept.primaries), revised: yield* keep(kept.revised), leftOut, turnedRevised };
}

interface MergedLists {
  /** Each key once, ascending, with its final values. */
  readonly keys: KeyBatch;
  /** How many entries repeated another of the same supply. */
  readonly collapsed: number;
  /** The supply has it as a revised key. */
  isRevised(index: number): boolean;
  /** The supply has it as a primary. */
  isPrimary(index: number): boolean;
}

/** Both lists as one, sorted; where a key stands in both, the revised values win. */
function* mergeLists(primaries: KeyBatch, revised: KeyBatch): Steps<MergedLists> {
  const fresh = yield* sortKeys(primaries);
  const changed = yield* sortKeys(revised);
  yield;
  // The usual case by far, in which there is nothing to merge.
  if (changed.length === 0 && !repeatsAny(fresh)) {
    return { keys: fresh, collapsed: 0, isRevised: () => false, isPrimary: () => true };
  }
  const keys = new KeyBatchBuilder(fresh.length + changed.length);
  const origin: number[] = [];
  const PRIMARY = 1;
  const REVISED = 2;
  let collapsed = 0;
  let [a, b] = [0, 0];
  for (let step = 1; a < fresh.length || b < changed.length; step++) {
    if (step % KEYS_AT_ONCE === 0) yield;
    const order = a >= fresh.length ? 1 : b >= changed.length ? -1 : compareKeyData(fresh, a, changed, b);
    if (order < 0) {
      const last = lastOfEqual(fresh, a);
      keys.addRecord(fresh.record(last));
      origin.push(PRIMARY);
      collapsed += last - a;
      a = last + 1;
      continue;
    }
    const last = lastOfEqual(changed, b);
    keys.addRecord(changed.record(last));
    collapsed += last - b;
    b = last + 1;
    if (order > 0) {
      origin.push(REVISED);
    } else {
      const lastFresh = lastOfEqual(fresh, a);
      origin.push(PRIMARY | REVISED);
      collapsed += lastFresh - a + 1;
      a = lastFresh + 1;
    }
  }
  return {
    keys: keys.build(),
    collapsed,
    isRevised: (index) => ((origin[index] ?? 0) & REVISED) !== 0,
    isPrimary: (index) => ((origin[index] ?? 0) & PRIMARY) !== 0,
  };
}

function repeatsAny(ordered: KeyBatch): boolean {
  for (let index = 1; index < ordered.length; index++) {
    if (compareKeyData(ordered, index, ordered, index - 1) === 0) return true;
  }
  return false;
}

/** The last position from `start` on that holds the same key; later entries of a list win. */
function lastOfEqual(batch: KeyBatch, start: number): number {
  let last = start;
  while (last + 1 < batch.length && compareKeyData(batch, last + 1, batch, start) === 0) last++;
  return last;
}

/** `same`: it stands here, or stood, with the wanted type. `later`: what stands here is a revision of the wanted one. */
type Standing = "absent" | "same" | "later" | "other";

/** How each key of `wanted` stands here; merges sorted lists, with one archive in memory. */
async function compareWithPublished(
  wanted: KeyBatch,
  published: AsyncIterable<KeyBatch>,
): Promise<(index: number) => Standing> {
  const isHere = new Uint8Array(wanted.length);
  const isRepeated = new Uint8Array(wanted.length);
  const newestType = new Uint8Array(wanted.length);
  for await (const archive of published) {
    let at = 0;
    for (let index = 0; index < wanted.length && at < archive.length; index++) {
      while (at < archive.length && compareKeyData(archive, at, wanted, index) < 0) at++;
      for (; at < archive.length && compareKeyData(archive, at, wanted, index) === 0; at++) {
        isHere[index] = 1;
        if (meaningOf(archive.reportType(at)) === meaningOf(wanted.reportType(index))) isRepeated[index] = 1;
        newestType[index] = archive.reportType(at) ?? 0;
      }
    }
  }
  return (index) => {
    if (!isHere[index]) return "absent";
    if (isRepeated[index]) return "same";
    const newest = (newestType[index] || null) as ReportType | null;
    return mayBecome(wanted.reportType(index), newest) ? "later" : "other";
  };
}

/** As phones read it: none is a confirmed test (DB 4.1). */
function meaningOf(reportType: ReportType | null): ReportType {
  return reportType ?? ReportType.confirmed;
}
