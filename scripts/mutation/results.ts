// What became of the mutants so far, in one JSON file that an interrupted run goes on with.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Mutant } from "./mutant.ts";

export interface MutantResult {
  /** The place in the shuffled list of all mutants. */
  readonly rank: number;
  readonly outcome: "killed" | "timeout" | "survived" | "untyped" | "gone";
  readonly by?: { readonly file: string; readonly test: string; readonly reason: string };
  readonly seconds: number;
  readonly mutant: Mutant;
}

export interface Results {
  readonly seed: number;
  /** Of all mutants there are, so that a run never goes on with other sources. */
  readonly digest: string;
  /** How many mutants there are. */
  readonly pool: number;
  /** Milliseconds by test file; those that fail without a mutant are not here. */
  readonly baseline: Readonly<Record<string, number>>;
  readonly failing: readonly string[];
  readonly mutants: readonly MutantResult[];
}

export function readResults(path: string): Results | null {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
}

export function writeResults(path: string, results: Results): void {
  const mutants = results.mutants.toSorted((a, b) => a.rank - b.rank);
  writeFileSync(`${path}.new`, `${JSON.stringify({ ...results, mutants }, null, 1)}\n`);
  renameSync(`${path}.new`, path);
}

export function countOutcomes(mutants: readonly MutantResult[]): string {
  const counts = Object.entries(Object.groupBy(mutants, ({ outcome }) => outcome));
  return counts.map(([outcome, those]) => `${those?.length ?? 0} ${outcome}`).join(", ");
}

/** One line for people. */
export function describeResult({ rank, outcome, by, seconds, mutant }: MutantResult): string {
  const change = `${oneLine(mutant.original)} => ${oneLine(mutant.replacement)}`;
  const killer = by ? `\n      ${by.file} > ${by.test}: ${by.reason.slice(0, 120)}` : "";
  return `${outcome} #${rank} ${mutant.file}:${mutant.line} ${mutant.mutator} (${seconds} s)\n      ${change}${killer}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").slice(0, 100);
}
