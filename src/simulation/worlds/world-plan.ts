// What a world is made of: plain data from which the same world comes again.

import type { UnixSeconds } from "../../core/clock.ts";
import type { PlannedFault } from "../faults/fault.ts";

export type ServerName = "state" | "nation";
export type TreeName = "state-client" | "national";

export interface WorldPlan {
  readonly seed: number;
  readonly startsAt: UnixSeconds;
  /** For how long people report. */
  readonly reportingSeconds: number;
  /** From the start until the nation imports, and until the client location carries the nation's archives. */
  readonly importAfterSeconds: number;
  readonly switchAfterSeconds: number;
  readonly periodsSeconds: Readonly<Record<"client" | "second" | "national", number>>;
  /** Job -> how often servers run it. */
  readonly rhythmsSeconds: Readonly<Record<string, number>>;
  readonly retentionSeconds: number;
  /** How long an archive outlives its line (DB I5). */
  readonly graceSeconds: number;
  readonly minRecords: number;
  readonly paddingRange: number;
  readonly maxRecords: number;
  readonly peoplePerDay: Readonly<Record<ServerName, number>>;
  readonly indexTtlSeconds: number;
  readonly cdnNodes: number;
  readonly phones: readonly PlannedPhone[];
  readonly faults: readonly PlannedFault[];
}

export interface PlannedPhone {
  /** Of the catalogue of kinds. */
  readonly kind: string;
  readonly follows: TreeName;
  readonly pollSeconds: number;
  /** When it is switched off; null: never. */
  readonly away: { readonly from: UnixSeconds; readonly until: UnixSeconds } | null;
}
