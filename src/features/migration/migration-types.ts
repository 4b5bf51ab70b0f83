// The words of a guided migration: its states, the evidence that leads from one to the next, what is refused.

import type { UnixSeconds } from "../../core/clock.ts";
import type { MigrationPlan } from "./plan-form.ts";

/** `read-only` and `cancelled` are ends. */
export const MIGRATION_STATES = ["planned", "importing", "covered", "switched", "read-only", "cancelled"] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

export const MIGRATION_ROLES = ["state", "nation"] as const;
export type MigrationRole = (typeof MIGRATION_ROLES)[number];

export interface Migration {
  readonly name: string;
  /** Which of the two organisations runs this server. */
  readonly role: MigrationRole;
  readonly plan: MigrationPlan;
  readonly planDigest: string;
  readonly state: MigrationState;
  readonly stateSince: UnixSeconds;
}

/** A signed report, as the journal keeps it. */
export interface Evidence {
  readonly kind: "checks" | "coverage";
  /** When it was observed. */
  readonly at: UnixSeconds;
  /** Of checks: names of those that fail. Of a coverage proof: places that are not covered. Empty: all is well. */
  readonly open: readonly string[];
  readonly planDigest: string;
  /** SHA-256 of the signed payload. */
  readonly statementDigest: string;
  /** Fingerprint of the key that signed it. */
  readonly signedBy: string;
}

export interface JournalEntry {
  readonly seq: number;
  readonly at: UnixSeconds;
  readonly principal: string;
  readonly kind: "started" | "evidence" | "advanced" | "went_back" | "cancelled" | "plan_changed";
  /** JSON. */
  readonly detail: string;
  readonly previous: string;
  readonly digest: string;
}

/** Something to be done, and by whom. */
export interface NextStep {
  readonly who: MigrationRole;
  readonly says: string;
  /** For a shell of the organisation that runs enks; null: there is none. */
  readonly command: string | null;
}

export type MigrationErrorCode =
  | "migration_unknown"
  | "migration_exists"
  /** The plan is not of the form of plans, or has no observer. */
  | "migration_plan_invalid"
  /** The migration has come to an end. */
  | "migration_ended"
  /** The next state needs evidence that is not there, fails, or is stale. */
  | "migration_evidence_missing"
  /** There is no state to go back to. */
  | "migration_step_refused"
  /** The report is not signed by an observer, is of another plan, or is of the future. */
  | "migration_evidence_refused";
