// A migration as the admin API shows it: where it is, what is proven, what comes next.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { MigrationBody } from "./admin-schemas.ts";
import { NO_DIGEST } from "./journal.ts";
import { evidenceIn, migrationUnknown, standingOf } from "./manage-migrations.ts";
import type { Migration } from "./migration-types.ts";
import { nextSteps } from "./next-steps.ts";
import { readJournal, readMigration } from "./queries.ts";
import { judgeNeeds, STATIONS } from "./state-machine.ts";

/** Throws `migration_unknown`. */
export async function showMigration(db: Db, name: string, now: UnixSeconds): Promise<MigrationBody> {
  const migration = await readMigration(db, name);
  if (migration === undefined) throw migrationUnknown(name);
  return toBody(db, migration, now);
}

export async function toBody(db: Db, migration: Migration, now: UnixSeconds): Promise<MigrationBody> {
  const { name, role, state, stateSince, plan, planDigest } = migration;
  const journal = await readJournal(db, name);
  const { seq, digest } = journal.at(-1) ?? { seq: 0, digest: NO_DIGEST };
  return {
    name,
    role,
    state,
    stateSince: isoTime(stateSince),
    next: STATIONS[state].next,
    needs: judgeNeeds(standingOf(migration, evidenceIn(journal, planDigest)), now),
    nextSteps: nextSteps(migration),
    plan,
    planDigest,
    journalHead: { seq, digest },
  };
}
