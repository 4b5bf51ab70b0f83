// All SQL on the audit log: entries are added, read, and deleted when old; never changed.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { AuditEntry, AuditFilter, NewAuditEntry } from "./administration-types.ts";

type AuditTables = {
  audit_entry: {
    id: number;
    written_at: number;
    principal: string;
    operation: string;
    resource_kind: string | null;
    resource_name: string | null;
    outcome: NewAuditEntry["outcome"];
    code: string | null;
    before: unknown;
    after: unknown;
  };
};

export async function insertAuditEntry(tx: Db, entry: NewAuditEntry): Promise<void> {
  await sql`
    insert into audit_entry
      (written_at, principal, operation, resource_kind, resource_name, outcome, code, before, after)
    values (${entry.at}, ${entry.principal}, ${entry.operation}, ${entry.resource?.kind ?? null}::text,
      ${entry.resource?.name ?? null}::text, ${entry.outcome}, ${entry.code}::text,
      ${entry.before}::text::jsonb, ${entry.after}::text::jsonb)`.execute(tx);
}

/** The newest first: at most `limit` with an id below `beforeId`, or from the newest on. */
export async function readAuditEntries(
  db: Db,
  filter: AuditFilter,
  beforeId: number | null,
  limit: number,
): Promise<AuditEntry[]> {
  let query = db.withTables<AuditTables>().selectFrom("audit_entry").selectAll().orderBy("id", "desc").limit(limit);
  if (beforeId !== null) query = query.where("id", "<", beforeId);
  if (filter.kind !== undefined) query = query.where("resource_kind", "=", filter.kind);
  if (filter.name !== undefined) query = query.where("resource_name", "=", filter.name);
  if (filter.principal !== undefined) query = query.where("principal", "=", filter.principal);
  return (await query.execute()).map(toEntry);
}

/** Deletes at most `limit` of the entries that were written before, the oldest first, and answers how many. */
export async function deleteAuditEntries(db: Db, before: UnixSeconds, limit: number): Promise<number> {
  const result = await sql`
    delete from audit_entry where id in
      (select id from audit_entry where written_at < ${before} order by id limit ${limit})`.execute(db);
  return Number(result.numAffectedRows ?? 0n);
}

function toEntry(row: AuditTables["audit_entry"]): AuditEntry {
  const { id, principal, operation, outcome, code, before, after } = row;
  const isNamed = row.resource_kind !== null && row.resource_name !== null;
  const resource = isNamed ? { kind: row.resource_kind ?? "", name: row.resource_name ?? "" } : null;
  return { id, at: row.written_at, principal, operation, resource, outcome, code, before, after };
}
