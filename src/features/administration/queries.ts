// All SQL on principals and on revisions of resources.

import { type Selectable, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { AdminRole, ResourceName } from "../../platform/http/admin/admin-route.ts";
import type { NewPrincipal, PrincipalRecord } from "./administration-types.ts";

type AdministrationTables = {
  principal: {
    name: string;
    role: AdminRole;
    token_sha256: Uint8Array;
    created_at: number;
    expires_at: number | null;
    revoked_at: number | null;
    last_used_at: number | null;
  };
  resource_revision: { kind: string; name: string; revision: number };
};

const tables = (db: Db) => db.withTables<AdministrationTables>();

/** False when there is one of this name. */
export async function insertPrincipal(
  tx: Db,
  { name, role, expiresAt }: NewPrincipal,
  tokenSha256: Uint8Array,
  now: UnixSeconds,
): Promise<boolean> {
  const result = await tables(tx)
    .insertInto("principal")
    .values({
      name,
      role,
      token_sha256: tokenSha256,
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
      last_used_at: null,
    })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function readPrincipal(db: Db, name: string): Promise<PrincipalRecord | undefined> {
  const row = await tables(db).selectFrom("principal").selectAll().where("name", "=", name).executeTakeFirst();
  return row && toRecord(row);
}

export async function readPrincipalOfToken(db: Db, tokenSha256: Uint8Array): Promise<PrincipalRecord | undefined> {
  const query = tables(db).selectFrom("principal").selectAll().where("token_sha256", "=", tokenSha256);
  const row = await query.executeTakeFirst();
  return row && toRecord(row);
}

/** Sorted by name, behind `after`. */
export async function readPrincipals(db: Db, after: string, limit: number): Promise<PrincipalRecord[]> {
  const { rows } = await sql<Selectable<AdministrationTables["principal"]>>`
    select * from principal where name collate "C" > ${after} order by name collate "C" limit ${limit}`.execute(db);
  return rows.map(toRecord);
}

/** Locks every administrator until the transaction ends and answers those that can act at `now`. */
export async function lockAdministrators(tx: Db, now: UnixSeconds): Promise<string[]> {
  const rows = await tables(tx)
    .selectFrom("principal")
    .selectAll()
    .where("role", "=", "administrator")
    .orderBy("name")
    .forUpdate()
    .execute();
  return rows
    .filter((row) => row.revoked_at === null && (row.expires_at === null || row.expires_at > now))
    .map((row) => row.name);
}

export async function markRevoked(tx: Db, name: string, now: UnixSeconds): Promise<void> {
  await tables(tx).updateTable("principal").set({ revoked_at: now }).where("name", "=", name).execute();
}

export async function replaceToken(
  tx: Db,
  name: string,
  tokenSha256: Uint8Array,
  expiresAt: UnixSeconds | null,
): Promise<void> {
  const changes = { token_sha256: tokenSha256, expires_at: expiresAt };
  await tables(tx).updateTable("principal").set(changes).where("name", "=", name).execute();
}

/** Notes the use unless somebody is changing the principal at this moment. */
export async function noteUse(db: Db, name: string, now: UnixSeconds): Promise<void> {
  await sql`
    update principal set last_used_at = ${now} where name in
      (select name from principal where name = ${name} for update skip locked)`.execute(db);
}

/** Raises the revision and answers the new one. Whoever else changes the resource waits until this transaction ends. */
export async function raiseRevision(tx: Db, { kind, name }: ResourceName): Promise<number> {
  const { rows } = await sql<{ revision: number }>`
    insert into resource_revision as stored (kind, name, revision) values (${kind}, ${name}, 1)
    on conflict (kind, name) do update set revision = stored.revision + 1
    returning revision`.execute(tx);
  return rows[0]?.revision ?? 0;
}

export async function readRevision(db: Db, { kind, name }: ResourceName): Promise<number> {
  const query = tables(db).selectFrom("resource_revision").select("revision");
  const row = await query.where("kind", "=", kind).where("name", "=", name).executeTakeFirst();
  return row?.revision ?? 0;
}

function toRecord(row: AdministrationTables["principal"]): PrincipalRecord {
  return {
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}
