// The coverage proof: from public URLs and public keys alone, which keys of a state each place has.

import type { UnixSeconds } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import { type CollectDeps, type CollectedTrees, collectTrees } from "./collect-trees.ts";
import { compareKeys } from "./compare-keys.ts";
import type { CoverageReport, PlaceReport } from "./coverage-report.ts";
import type { ArchiveFacts, PublicTree } from "./proof-types.ts";
import { chooseSome, searchNear } from "./sample-coverage.ts";
import { PARTITIONS } from "./spill-keys.ts";
import { type Tally, TallyBuilder } from "./tally-verdicts.ts";

/** Trees in which the state's keys are looked for, together: the national exports, or the client location. */
export interface Place {
  readonly name: string;
  readonly trees: readonly PublicTree[];
}

export interface CoverageQuestion {
  /** The listings in which phones find the state's keys today. */
  readonly state: readonly PublicTree[];
  readonly places: readonly Place[];
  readonly now: UnixSeconds;
  /** Goes into the report. */
  readonly planDigest: string | null;
  /** A key that the state published this recently may still be on its way. */
  readonly lagSeconds: number;
}

/** How much of the state a quick look takes. */
export interface Sample {
  /** How many archives of each listing. */
  readonly archives: number;
  readonly random: Random;
}

export interface Proof {
  readonly report: CoverageReport;
  /** Everything that was read, for checks of the archives themselves. */
  readonly archives: readonly ArchiveFacts[];
}

/**
 * Reads all trees and compares every key; with a sample, only looks for the keys of a few archives and proves nothing.
 * Problems of a tree are in the report; throws only what `files` throws.
 */
export async function proveCoverage(
  deps: CollectDeps,
  question: CoverageQuestion,
  sample: Sample | null = null,
): Promise<Proof> {
  const chosen = sample === null ? null : chooseSome(sample.archives, sample.random);
  const state = await collectTrees(deps, "state", question.state, chosen ?? undefined);
  const places: PlaceReport[] = [];
  const archives = [...state.archives];
  for (const [number, { name, trees }] of question.places.entries()) {
    const choice = chosen === null ? undefined : searchNear(chosen.shares, await distinctKeys(state));
    const place = await collectTrees(deps, `place-${number}`, trees, choice);
    archives.push(...place.archives);
    const totals = await compareAll(deps, question, state, place, sample !== null);
    places.push({ name, trees: place.readings, isCovered: isCovered(totals), ...totals });
  }
  const isWhole = state.archives.length > 0 && state.readings.every(({ problems }) => problems.length === 0);
  const isGood = isWhole && places.every((place) => place.isCovered);
  const verdict = !isGood ? "not_proven" : sample === null ? "proven" : "sample_good";
  const { now: at, lagSeconds, planDigest } = question;
  return {
    report: { kind: "coverage", formatVersion: 1, planDigest, at, lagSeconds, state: state.readings, places, verdict },
    archives,
  };
}

async function compareAll(
  deps: CollectDeps,
  times: CoverageQuestion,
  state: CollectedTrees,
  place: CollectedTrees,
  isSample: boolean,
): Promise<Tally> {
  const tally = new TallyBuilder(state.archives, deps.archiveTools);
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const side = { spilled: await state.spill.read(partition), archives: state.archives };
    const other = { spilled: await place.spill.read(partition), archives: place.archives };
    for (const compared of compareKeys(side, other, times)) {
      // A sample has not read every revision, so that it says nothing about values.
      const isUnknown = isSample && compared.verdict.verdict === "different";
      tally.add(side.spilled.keys, isUnknown ? { ...compared, verdict: { verdict: "covered" } } : compared);
    }
  }
  return tally.build();
}

async function distinctKeys({ spill }: CollectedTrees): Promise<Set<string>> {
  const found = new Set<string>();
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const { keys } = await spill.read(partition);
    for (let index = 0; index < keys.length; index++) found.add(keys.keyHex(index));
  }
  return found;
}

function isCovered({ counts }: Tally): boolean {
  return counts.missing === 0 && counts.different === 0;
}
