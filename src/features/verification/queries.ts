// All SQL on health authorities and their keys.

import { type Selectable, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Authority, AuthorityKey, AuthoritySettings, NewAuthorityKey } from "./verification-types.ts";

type AuthorityTables = {
  health_authority: {
    id: number;
    name: string;
    iss: string;
    aud: string;
    jwks_url: string | null;
    allow_private_addresses: boolean;
    stats_enabled: boolean;
    jwks_checks: number;
    jwks_checked_at: number | null;
    jwks_succeeded_at: number | null;
    jwks_error: string | null;
  };
  health_authority_key: {
    id: number;
    authority_id: number;
    version: string;
    public_key_pem: string;
    origin: "manual" | "jwks";
    from_at: number;
    until_at: number | null;
    until_set_by: "operator" | "jwks" | null;
  };
  verification_revision: { only_row: boolean; revision: number };
};

const tables = (db: Db) => db.withTables<AuthorityTables>();

export async function readRevision(db: Db): Promise<number> {
  return (await tables(db).selectFrom("verification_revision").select("revision").executeTakeFirstOrThrow()).revision;
}

/** Until the transaction ends nobody else changes an authority or a key. */
export async function lockAuthorities(tx: Db): Promise<void> {
  await tables(tx).selectFrom("verification_revision").select("revision").forUpdate().executeTakeFirstOrThrow();
}

/** Lets every process read the authorities again. */
export async function raiseRevision(tx: Db): Promise<void> {
  await sql`update verification_revision set revision = revision + 1`.execute(tx);
}

/** One key of an authority, or null for an authority without any. */
export interface DirectoryRow {
  readonly id: number;
  readonly name: string;
  readonly iss: string;
  readonly aud: string;
  readonly statsEnabled: boolean;
  readonly authorityKey: Pick<AuthorityKey, "version" | "publicKeyPem" | "from" | "until"> | null;
}

/** Everything that verification has to know, of one moment: one statement. */
export async function readDirectory(db: Db): Promise<{ revision: number; rows: DirectoryRow[] }> {
  const { rows } = await sql<{
    revision: number;
    id: number | null;
    name: string;
    iss: string;
    aud: string;
    stats_enabled: boolean;
    version: string | null;
    public_key_pem: string;
    from_at: number;
    until_at: number | null;
  }>`
    select revision, authority.id, name, iss, aud, stats_enabled, version, public_key_pem, from_at, until_at
    from verification_revision
      left join health_authority authority on true
      left join health_authority_key authority_key on authority_id = authority.id`.execute(db);
  const found: DirectoryRow[] = [];
  for (const { id, name, iss, aud, stats_enabled, version, public_key_pem, from_at, until_at } of rows) {
    if (id === null) continue;
    const authorityKey =
      version === null ? null : { version, publicKeyPem: public_key_pem, from: from_at, until: until_at };
    found.push({ id, name, iss, aud, statsEnabled: stats_enabled, authorityKey });
  }
  return { revision: rows[0]?.revision ?? 0, rows: found };
}

/** Answers its id. Name and issuer must be free. */
export async function insertAuthority(tx: Db, settings: AuthoritySettings): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into health_authority (name, iss, aud, jwks_url, allow_private_addresses, stats_enabled)
    values (${settings.name}, ${settings.iss}, ${settings.aud}, ${settings.jwksUrl},
      ${settings.allowPrivateAddresses}, ${settings.statsEnabled})
    returning id`.execute(tx);
  return rows[0]?.id ?? 0;
}

export async function updateAuthority(tx: Db, id: number, settings: AuthoritySettings): Promise<void> {
  await tables(tx)
    .updateTable("health_authority")
    .set({
      iss: settings.iss,
      aud: settings.aud,
      jwks_url: settings.jwksUrl,
      allow_private_addresses: settings.allowPrivateAddresses,
      stats_enabled: settings.statsEnabled,
    })
    .where("id", "=", id)
    .execute();
}

export async function readAuthority(db: Db, name: string): Promise<Authority | undefined> {
  const query = tables(db).selectFrom("health_authority").selectAll().where("name", "=", name);
  const row = await query.executeTakeFirst();
  return row && toAuthority(row);
}

/** The name of the authority that has this issuer. */
export async function readNameOfIssuer(db: Db, iss: string): Promise<string | undefined> {
  const query = tables(db).selectFrom("health_authority").select("name").where("iss", "=", iss);
  return (await query.executeTakeFirst())?.name;
}

/** Sorted by name, behind `after`. */
export async function readAuthorities(db: Db, after: string, limit: number): Promise<Authority[]> {
  const { rows } = await sql<AuthorityTables["health_authority"]>`
    select * from health_authority where name collate "C" > ${after}
    order by name collate "C" limit ${limit}`.execute(db);
  return rows.map(toAuthority);
}

export async function readAuthoritiesWithJwks(db: Db): Promise<Authority[]> {
  const query = tables(db).selectFrom("health_authority").selectAll().where("jwks_url", "is not", null);
  return (await query.orderBy("id").execute()).map(toAuthority);
}

/** Notes how a check of the JWKS that began with `authority` as it was ended; `error` null: well. */
export async function noteJwksCheck(
  tx: Db,
  { id, jwksChecks }: Pick<Authority, "id" | "jwksChecks">,
  now: UnixSeconds,
  error: string | null,
): Promise<void> {
  await sql`
    update health_authority set
      jwks_checks = jwks_checks + 1,
      jwks_checked_at = ${now},
      jwks_succeeded_at = case when ${error}::text is null then ${now} else jwks_succeeded_at end,
      jwks_error = ${error}
    where id = ${id} and jwks_checks = ${jwksChecks}`.execute(tx);
}

/** The keys of one authority, oldest first. */
export async function readAuthorityKeys(db: Db, authorityId: number): Promise<AuthorityKey[]> {
  const query = tables(db).selectFrom("health_authority_key").selectAll().where("authority_id", "=", authorityId);
  return (await query.orderBy("from_at").orderBy("id").execute()).map(toAuthorityKey);
}

export async function insertAuthorityKey(tx: Db, authorityId: number, added: NewAuthorityKey): Promise<void> {
  await sql`
    insert into health_authority_key
      (authority_id, version, public_key_pem, origin, from_at, until_at, until_set_by)
    values (${authorityId}, ${added.version}, ${added.publicKeyPem}, ${added.origin}, ${added.from}, ${added.until},
      ${added.untilSetBy})`.execute(tx);
}

export async function updateAuthorityKey(
  tx: Db,
  id: number,
  { origin, from, until, untilSetBy }: Pick<NewAuthorityKey, "origin" | "from" | "until" | "untilSetBy">,
): Promise<void> {
  await tables(tx)
    .updateTable("health_authority_key")
    .set({ origin, from_at: from, until_at: until, until_set_by: untilSetBy })
    .where("id", "=", id)
    .execute();
}

/** Forgets what a JWKS withdrew before `cutoff`; what an operator ended stays, so that it is not taken again. */
export async function deleteWithdrawnBefore(db: Db, cutoff: UnixSeconds): Promise<number> {
  const result = await tables(db)
    .deleteFrom("health_authority_key")
    .where("origin", "=", "jwks")
    .where("until_set_by", "=", "jwks")
    .where("until_at", "<", cutoff)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function toAuthority(row: Selectable<AuthorityTables["health_authority"]>): Authority {
  return {
    id: row.id,
    name: row.name,
    iss: row.iss,
    aud: row.aud,
    jwksUrl: row.jwks_url,
    allowPrivateAddresses: row.allow_private_addresses,
    statsEnabled: row.stats_enabled,
    jwksChecks: row.jwks_checks,
    jwksCheckedAt: row.jwks_checked_at,
    jwksSucceededAt: row.jwks_succeeded_at,
    jwksError: row.jwks_error,
  };
}

function toAuthorityKey(row: Selectable<AuthorityTables["health_authority_key"]>): AuthorityKey {
  return {
    id: row.id,
    version: row.version,
    publicKeyPem: row.public_key_pem,
    origin: row.origin,
    from: row.from_at,
    until: row.until_at,
    untilSetBy: row.until_set_by,
  };
}
