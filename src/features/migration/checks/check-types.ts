// The words of the checks of a plan: what they look at, and what they find.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { CoverageReport } from "../../../proof/coverage-report.ts";
import type { ArchiveFacts, TreeReading } from "../../../proof/proof-types.ts";
import type { MigrationPlan, PlannedTree } from "../plan-form.ts";

/** One tree of the plan and everything that was read of it. */
export interface SeenTree {
  readonly side: "state" | "nation";
  readonly planned: PlannedTree;
  readonly reading: TreeReading;
  /** In the order of the index. */
  readonly archives: readonly ArchiveFacts[];
}

export interface Seen {
  readonly plan: MigrationPlan;
  readonly trees: readonly SeenTree[];
  readonly coverage: CoverageReport;
  readonly now: UnixSeconds;
}

/** Something that a check objects to: one sentence, which names the tree. */
export type Finding = string;

export interface PlanCheck {
  /** What a waiver names. */
  readonly name: string;
  /** What is true where it passes. */
  readonly holds: string;
  /** What to do where it does not. */
  readonly remedy: string;
  readonly run: (seen: Seen) => readonly Finding[];
}

export interface CheckResult {
  readonly name: string;
  readonly outcome: "pass" | "fail" | "waived";
  readonly holds: string;
  readonly findings: readonly Finding[];
  /** null where it passes. */
  readonly remedy: string | null;
  /** Why and by whom it was waived. */
  readonly waiver: string | null;
}
