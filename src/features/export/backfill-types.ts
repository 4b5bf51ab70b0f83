// A stretch before what an export has exported, whose keys are handed to the location once more.

import type { UnixSeconds } from "../../core/clock.ts";
import type { OpenWindow, WindowPart } from "./export-types.ts";

export interface Backfill extends WindowPart {
  readonly id: number;
  readonly configId: number;
  /** Keys released, or revised, from here on, */
  readonly from: UnixSeconds;
  /** and before this instant. */
  readonly thru: UnixSeconds;
  readonly requestedAt: UnixSeconds;
  /** How often it began again, because the filter changed. */
  readonly restarts: number;
  /** Where it goes on; null before its first archive. */
  readonly progress: Pick<OpenWindow, "list" | "after"> | null;
  readonly completedAt: UnixSeconds | null;
}
