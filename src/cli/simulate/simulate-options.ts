// What `enks simulate` is asked for, checked.

import { availableParallelism } from "node:os";
import { CodedError } from "../../core/coded-error.ts";
import { FAULT_LEVELS } from "../../simulation/worlds/draw-faults.ts";
import type { ExploreOptions } from "../../simulation/worlds/explore-worlds.ts";
import { parseCut } from "../../simulation/worlds/plan-cut.ts";

export interface SimulateFlags {
  readonly runs: string;
  readonly seed: string;
  readonly faults: string;
  readonly days: string;
  readonly phones: string;
  readonly only: string;
  readonly threads?: string;
  readonly postgres?: string;
  readonly shrink: string;
}

export type SimulateErrorCode = "simulation_options_invalid";

const MOST_THREADS = 16;

export function exploreOptionsFrom(flags: SimulateFlags): Omit<ExploreOptions, "onProgress"> {
  const faults = FAULT_LEVELS.find((level) => level === flags.faults);
  if (faults === undefined) throw invalid(`--faults is one of ${FAULT_LEVELS.join(", ")}`);
  const cut = parseCut(flags.only);
  if (cut === null) throw invalid("--only is such as hours=12,phones=0+2,faults=3");
  const runs = wholeFrom("--runs", flags.runs, 1, 1_000_000);
  const threads = wholeFrom("--threads", flags.threads ?? String(availableParallelism()), 1, MOST_THREADS);
  return {
    runs,
    firstSeed: wholeFrom("--seed", flags.seed, 0, 999_999_999),
    limits: { faults, maxDays: daysFrom(flags.days), maxPhones: wholeFrom("--phones", flags.phones, 1, 50) },
    cut,
    threads: Math.min(threads, runs),
    postgresUrl: flags.postgres ?? null,
    shrinkAttempts: wholeFrom("--shrink", flags.shrink, 0, 1_000),
  };
}

function wholeFrom(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw invalid(`${name} is a whole number from ${least} to ${most}`);
}

function daysFrom(text: string): number {
  const value = /^\d{1,2}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0.5 && value <= 10) return value;
  throw invalid("--days is a number from 0.5 to 10: phones lose what stays listed for fourteen days otherwise");
}

export function invalid(why: string): CodedError {
  return new CodedError<SimulateErrorCode>("simulation_options_invalid", why);
}
