// Starting a migration, recording evidence, and moving from state to state; each in one transaction with its entry.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import { type SignedStatement, statementFingerprint } from "../../proof/signed-statement.ts";
import { nextEntry } from "./journal.ts";
import type { Evidence, JournalEntry, Migration, MigrationErrorCode, MigrationRole } from "./migration-types.ts";
import { planDigest } from "./plan-digest.ts";
import type { MigrationPlan } from "./plan-form.ts";
import {
  insertEntry,
  insertMigration,
  insertObserver,
  lockMigration,
  readJournal,
  readLastEntry,
  readObservers,
  updatePlan,
  updateState,
} from "./queries.ts";
import { readEvidence } from "./read-evidence.ts";
import { judgeNeeds, STATIONS } from "./state-machine.ts";

/** Who does it, and when. */
export interface Actor {
  readonly principal: string;
  readonly now: UnixSeconds;
}

export interface NewMigration {
  readonly role: MigrationRole;
  readonly plan: MigrationPlan;
  /** Public keys (Ed25519, PEM) of those whose signed reports count. */
  readonly observers: readonly string[];
}

/** Throws `migration_exists` and `statement_key_invalid`. */
export async function startMigration(database: Database, wanted: NewMigration, actor: Actor): Promise<void> {
  const { role, plan, observers } = wanted;
  const digest = planDigest(plan);
  const keys = observers.map((publicPem) => ({ publicPem, fingerprint: statementFingerprint(publicPem) }));
  await database.transaction(async (tx) => {
    const started: Migration = {
      name: plan.name,
      role,
      plan,
      planDigest: digest,
      state: "planned",
      stateSince: actor.now,
    };
    if (!(await insertMigration(tx, started))) {
      throw new CodedError<MigrationErrorCode>("migration_exists", `there is a migration "${plan.name}" already`);
    }
    for (const key of keys) await insertObserver(tx, plan.name, key);
    const fingerprints = keys.map(({ fingerprint }) => fingerprint);
    await write(tx, plan.name, actor, "started", { role, planDigest: digest, observers: fingerprints });
  });
}

/** Another version of the plan; evidence for the one before counts no more. Throws `migration_unknown`, `migration_ended`. */
export async function changePlan(database: Database, name: string, plan: MigrationPlan, actor: Actor): Promise<void> {
  await changeOpen(database, name, async (tx) => {
    if (plan.name !== name) {
      throw new CodedError<MigrationErrorCode>(
        "migration_plan_invalid",
        `the plan is of "${plan.name}", not "${name}"`,
      );
    }
    const digest = planDigest(plan);
    await updatePlan(tx, name, plan, digest);
    await write(tx, name, actor, "plan_changed", { planDigest: digest });
  });
}

/** Throws `migration_unknown`, `migration_ended`, `migration_evidence_refused` and CodedError<StatementErrorCode>. */
export async function addEvidence(
  database: Database,
  name: string,
  envelope: SignedStatement,
  actor: Actor,
): Promise<void> {
  await changeOpen(database, name, async (tx, migration) => {
    const observers = await readObservers(tx, name);
    await write(tx, name, actor, "evidence", readEvidence(envelope, observers, migration.planDigest, actor.now));
  });
}

/** Throws `migration_unknown`, `migration_ended` and `migration_evidence_missing`, which says what is. */
export async function advanceMigration(database: Database, name: string, actor: Actor): Promise<void> {
  await changeOpen(database, name, async (tx, migration) => {
    const evidence = evidenceIn(await readJournal(tx, name), migration.planDigest);
    const unmet = judgeNeeds(standingOf(migration, evidence), actor.now).filter(({ outcome }) => outcome !== "met");
    if (unmet.length > 0) throw evidenceMissing(name, unmet);
    const { next } = STATIONS[migration.state];
    if (next === null) throw ended(migration);
    await updateState(tx, name, next, actor.now);
    const used = evidence.map(({ statementDigest }) => statementDigest);
    await write(tx, name, actor, "advanced", { from: migration.state, to: next, evidence: used });
  });
}

/** One state back. Throws `migration_unknown`, `migration_ended` and `migration_step_refused` in the first one. */
export async function goBack(database: Database, name: string, reason: string, actor: Actor): Promise<void> {
  await changeOpen(database, name, async (tx, migration) => {
    const { back } = STATIONS[migration.state];
    if (back === null) {
      throw new CodedError<MigrationErrorCode>("migration_step_refused", `nothing comes before "${migration.state}"`, {
        remedy: "`enks migration cancel` ends it.",
      });
    }
    await updateState(tx, name, back, actor.now);
    await write(tx, name, actor, "went_back", { from: migration.state, to: back, reason });
  });
}

/** Throws `migration_unknown`, `migration_ended`, and `migration_step_refused` while phones get national content. */
export async function cancelMigration(database: Database, name: string, reason: string, actor: Actor): Promise<void> {
  await changeOpen(database, name, async (tx, migration) => {
    if (migration.state === "switched") {
      throw new CodedError<MigrationErrorCode>(
        "migration_step_refused",
        "the client location carries national archives",
        { remedy: "Take the switch back first: `enks migration back`." },
      );
    }
    await updateState(tx, name, "cancelled", actor.now);
    await write(tx, name, actor, "cancelled", { from: migration.state, reason });
  });
}

/** Of the plan in force. */
export function evidenceIn(journal: readonly JournalEntry[], digest: string): Evidence[] {
  return journal
    .filter(({ kind }) => kind === "evidence")
    .map(({ detail }) => JSON.parse(detail) as Evidence)
    .filter((evidence) => evidence.planDigest === digest);
}

const USUAL_SOAK_HOURS = 48;

export function standingOf({ state, stateSince, plan }: Migration, evidence: readonly Evidence[]) {
  return { state, stateSince, evidence, soakSeconds: (plan.soakHours ?? USUAL_SOAK_HOURS) * HOUR };
}

async function changeOpen(
  database: Database,
  name: string,
  change: (tx: Db, migration: Migration) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const migration = await lockMigration(tx, name);
    if (migration === undefined) throw migrationUnknown(name);
    if (migration.state === "read-only" || migration.state === "cancelled") throw ended(migration);
    await change(tx, migration);
  });
}

async function write(
  tx: Db,
  name: string,
  { principal, now }: Actor,
  kind: JournalEntry["kind"],
  detail: object,
): Promise<void> {
  const last = await readLastEntry(tx, name);
  await insertEntry(tx, name, nextEntry(name, last, { at: now, principal, kind, detail }));
}

export function migrationUnknown(name: string): CodedError<MigrationErrorCode> {
  return new CodedError("migration_unknown", `there is no migration "${name}"`);
}

function ended({ name, state }: Migration): CodedError<MigrationErrorCode> {
  return new CodedError("migration_ended", `"${name}" has ended: it is ${state}`);
}

function evidenceMissing(
  name: string,
  unmet: readonly { readonly kind: string; readonly says: string }[],
): CodedError<MigrationErrorCode> {
  const told = unmet.map(({ kind, says }) => `${kind}: ${says}`).join("; ");
  return new CodedError("migration_evidence_missing", `"${name}" cannot go on: ${told}`, {
    remedy: `Prove it first: enks migration prove ${name} --sign-with KEY`,
  });
}
