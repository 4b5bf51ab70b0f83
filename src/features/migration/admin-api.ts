// The routes of migrations: start, evidence, from state to state, the journal.

import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { cutPage, nameParams, nothing, pageQuery } from "../../platform/http/admin/admin-schemas.ts";
import {
  evidenceSchema,
  journalSchema,
  migrationPageSchema,
  migrationSchema,
  newMigrationSchema,
  planChangeSchema,
  reasonSchema,
} from "./admin-schemas.ts";
import {
  addEvidence,
  advanceMigration,
  cancelMigration,
  changePlan,
  goBack,
  migrationUnknown,
  startMigration,
} from "./manage-migrations.ts";
import { readJournal, readMigration, readMigrations } from "./queries.ts";
import { showMigration, toBody } from "./show-migration.ts";

const words = { tag: "migrations" } as const;
const resourceOf = (name: string) => ({ kind: "migration", name });

const named = {
  ...words,
  role: "operator",
  params: nameParams,
  answer: migrationSchema,
  status: 200,
  resource: ({ params }: { readonly params: { readonly name: string } }) => resourceOf(params.name),
  look: (database: Database, { params }: { readonly params: { readonly name: string } }) => look(database, params.name),
} as const;

const listMigrations = readRoute({
  ...words,
  path: "/v1/migrations",
  operationId: "listMigrations",
  summary: "All migrations, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: migrationPageSchema,
  codes: [],
  read: async ({ db }, { query, now }) => {
    const { items, next } = cutPage(await readMigrations(db), query, ({ name }) => name);
    const bodies = [];
    for (const migration of items) bodies.push(await toBody(db, migration, now));
    return { items: bodies, next };
  },
});

const showRoute = readRoute({
  ...words,
  path: "/v1/migrations/{name}",
  operationId: "showMigration",
  summary: "One migration: its state, what is proven, what comes next",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: migrationSchema,
  codes: ["migration_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: ({ db }, { params, now }) => showMigration(db, params.name, now),
});

const journalRoute = readRoute({
  ...words,
  path: "/v1/migrations/{name}/journal",
  operationId: "showMigrationJournal",
  summary: "The journal: chained entries, the first one first",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: journalSchema,
  codes: ["migration_unknown"],
  read: async ({ db }, { params: { name } }) => {
    if ((await readMigration(db, name)) === undefined) throw migrationUnknown(name);
    return { name, entries: await readJournal(db, name) };
  },
});

const startRoute = changeRoute({
  ...named,
  method: "POST",
  path: "/v1/migrations",
  operationId: "startMigration",
  summary: "Starts a migration by its plan",
  params: nothing,
  body: newMigrationSchema,
  status: 201,
  codes: ["migration_exists", "statement_key_invalid"],
  resource: ({ body }) => resourceOf(body.plan.name),
  look: (database, { body }) => look(database, body.plan.name),
  change: async (database, { body, principal, now }) => {
    await startMigration(database, body, { principal, now });
    return showMigration(database.db, body.plan.name, now);
  },
});

const planRoute = changeRoute({
  ...named,
  method: "POST",
  path: "/v1/migrations/{name}/plan",
  operationId: "changeMigrationPlan",
  summary: "Puts another version of the plan in force; earlier evidence counts no more",
  body: planChangeSchema,
  codes: ["migration_unknown", "migration_ended", "migration_plan_invalid"],
  change: async (database, { params: { name }, body, principal, now }) => {
    await changePlan(database, name, body.plan, { principal, now });
    return showMigration(database.db, name, now);
  },
});

const evidenceRoute = changeRoute({
  ...named,
  method: "POST",
  path: "/v1/migrations/{name}/evidence",
  operationId: "addMigrationEvidence",
  summary: "Records a signed report as evidence",
  body: evidenceSchema,
  status: 201,
  codes: ["migration_unknown", "migration_ended", "migration_evidence_refused", ...statementCodes()],
  change: async (database, { params: { name }, body, principal, now }) => {
    await addEvidence(database, name, body, { principal, now });
    return showMigration(database.db, name, now);
  },
});

const advanceRoute = changeRoute({
  ...named,
  method: "POST",
  path: "/v1/migrations/{name}/advance",
  operationId: "advanceMigration",
  summary: "Goes to the next state, if the evidence for it is there and fresh",
  body: nothing,
  codes: ["migration_unknown", "migration_ended", "migration_evidence_missing"],
  change: async (database, { params: { name }, principal, now }) => {
    await advanceMigration(database, name, { principal, now });
    return showMigration(database.db, name, now);
  },
});

const backRoute = changeRoute({
  ...named,
  method: "POST",
  path: "/v1/migrations/{name}/back",
  operationId: "takeMigrationBack",
  summary: "Goes one state back",
  body: reasonSchema,
  codes: ["migration_unknown", "migration_ended", "migration_step_refused"],
  change: async (database, { params: { name }, body, principal, now }) => {
    await goBack(database, name, body.reason, { principal, now });
    return showMigration(database.db, name, now);
  },
});

const cancelRoute = changeRoute({
  ...named,
  method: "POST",
  path: "/v1/migrations/{name}/cancellation",
  operationId: "cancelMigration",
  summary: "Ends a migration before the switch, or after it was taken back",
  body: reasonSchema,
  codes: ["migration_unknown", "migration_ended", "migration_step_refused"],
  change: async (database, { params: { name }, body, principal, now }) => {
    await cancelMigration(database, name, body.reason, { principal, now });
    return showMigration(database.db, name, now);
  },
});

export const migrationRoutes: readonly AdminRoute[] = [
  listMigrations,
  showRoute,
  journalRoute,
  startRoute,
  planRoute,
  evidenceRoute,
  advanceRoute,
  backRoute,
  cancelRoute,
];

function statementCodes(): readonly string[] {
  return ["statement_unreadable", "statement_of_other_kind", "statement_signature_invalid"];
}

/** As the audit log keeps it: where it is, not the plan. */
async function look(database: Database, name: string): Promise<unknown> {
  const found = await readMigration(database.db, name);
  if (found === undefined) return null;
  const { role, state, planDigest } = found;
  return { role, state, planDigest };
}
