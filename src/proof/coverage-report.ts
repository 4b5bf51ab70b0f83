// What a coverage proof found, in a form that is signed, stored and compared.

import type { UnixSeconds } from "../core/clock.ts";
import type { TreeReading } from "./proof-types.ts";
import type { Tally } from "./tally-verdicts.ts";

export interface PlaceReport extends Tally {
  readonly name: string;
  readonly trees: readonly TreeReading[];
  /** No key of the state is missing here, and none has other values. */
  readonly isCovered: boolean;
}

export interface CoverageReport {
  readonly kind: "coverage";
  readonly formatVersion: 1;
  /** SHA-256 of the plan that the trees are from; null: of none. */
  readonly planDigest: string | null;
  readonly at: UnixSeconds;
  readonly lagSeconds: number;
  readonly state: readonly TreeReading[];
  readonly places: readonly PlaceReport[];
  readonly verdict: CoverageVerdict;
}

export type CoverageVerdict =
  /** Every archive of the state was read, and every place has every key with the same values. */
  | "proven"
  /** The keys of a few archives are there; their values and all other keys were not looked at. */
  | "sample_good"
  | "not_proven";
