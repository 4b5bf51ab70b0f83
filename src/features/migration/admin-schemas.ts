// What the admin API takes and answers about migrations.

import { type Static, Type } from "typebox";
import { CLOSED, instant, pageOf } from "../../platform/http/admin/admin-schemas.ts";
import { MIGRATION_ROLES, MIGRATION_STATES } from "./migration-types.ts";
import { planForm } from "./plan-form.ts";

const publicPem = Type.String({ minLength: 1, maxLength: 1_000, description: "Ed25519 public key in PEM." });
const digest = Type.String({ description: "SHA-256, lower-case hex." });
const reason = Type.String({ minLength: 1, maxLength: 400, pattern: "\\S" });

export const newMigrationSchema = Type.Object(
  {
    role: Type.Enum([...MIGRATION_ROLES], { description: "Which of the two organisations runs this server." }),
    plan: planForm,
    observers: Type.Array(publicPem, {
      minItems: 1,
      maxItems: 20,
      description: "Public keys of those whose signed reports count as evidence.",
    }),
  },
  { ...CLOSED, title: "NewMigration" },
);

export const planChangeSchema = Type.Object({ plan: planForm }, { ...CLOSED, title: "MigrationPlanChange" });

export const evidenceSchema = Type.Object(
  {
    payloadType: Type.String({ maxLength: 200 }),
    payload: Type.String({ maxLength: 200_000, description: "Base64 of the report." }),
    signatures: Type.Array(Type.Object({ keyid: Type.String(), sig: Type.String() }, CLOSED), { maxItems: 5 }),
  },
  { ...CLOSED, title: "MigrationEvidence", description: "A report in a DSSE envelope, signed by an observer." },
);

export const reasonSchema = Type.Object({ reason }, { ...CLOSED, title: "MigrationReason" });

const needSchema = Type.Object(
  {
    kind: Type.Enum(["checks", "coverage"]),
    outcome: Type.Enum(["met", "missing", "failing", "stale", "too_early"]),
    says: Type.String(),
  },
  { ...CLOSED, title: "MigrationNeed", description: "Evidence that the next state needs." },
);

const stepSchema = Type.Object(
  {
    who: Type.Enum([...MIGRATION_ROLES]),
    says: Type.String(),
    command: Type.Union([Type.String(), Type.Null()]),
  },
  { ...CLOSED, title: "MigrationStep" },
);

const state = Type.Enum([...MIGRATION_STATES]);

export const migrationSchema = Type.Object(
  {
    name: Type.String(),
    role: Type.Enum([...MIGRATION_ROLES]),
    state,
    stateSince: instant,
    next: Type.Union([state, Type.Null()], { description: "Null: it has ended." }),
    needs: Type.Array(needSchema),
    nextSteps: Type.Array(stepSchema),
    plan: planForm,
    planDigest: digest,
    journalHead: Type.Object(
      { seq: Type.Integer(), digest },
      { ...CLOSED, description: "The last entry of the journal, which can be given to the other side." },
    ),
  },
  { ...CLOSED, title: "Migration" },
);
export type MigrationBody = Static<typeof migrationSchema>;

export const migrationPageSchema = pageOf(migrationSchema);

const entrySchema = Type.Object(
  {
    seq: Type.Integer(),
    at: Type.Integer({ description: "Unix seconds, as they are part of the digest." }),
    principal: Type.String(),
    kind: Type.Enum(["started", "evidence", "advanced", "went_back", "cancelled", "plan_changed"]),
    detail: Type.String({ description: "JSON." }),
    previous: digest,
    digest,
  },
  { ...CLOSED, title: "MigrationJournalEntry" },
);

export const journalSchema = Type.Object(
  { name: Type.String(), entries: Type.Array(entrySchema) },
  { ...CLOSED, title: "MigrationJournal" },
);
export type JournalBody = Static<typeof journalSchema>;
