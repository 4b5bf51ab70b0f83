// All SQL on token_key and token_key_recipient.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { TokenKey } from "./revision-types.ts";

type RevisionTables = {
  token_key: {
    id: Uint8Array;
    wrapped: Uint8Array | null;
    authenticated: Uint8Array;
    supplier_id: number | null;
    created_at: number;
    ends_at: number | null;
  };
  token_key_recipient: { public_key: Uint8Array; wrapped_private_key: Uint8Array; created_at: number };
};

const tables = (db: Db) => db.withTables<RevisionTables>();

/** Makes those who make or destroy token keys follow one another, until the transaction ends. */
export async function lockTokenKeys(tx: Db): Promise<void> {
  await sql`lock table token_key in share row exclusive mode`.execute(tx);
}

/** Newest first, destroyed ones too. */
export async function readTokenKeys(db: Db): Promise<TokenKey[]> {
  const rows = await tables(db)
    .selectFrom("token_key")
    .selectAll()
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id.toHex(),
    wrapped: row.wrapped,
    authenticated: row.authenticated,
    supplierId: row.supplier_id,
    createdAt: row.created_at,
    endsAt: row.ends_at,
  }));
}

/** A key that is there already, from an earlier hand-over, only ends later. */
export async function insertTokenKey(tx: Db, key: TokenKey): Promise<void> {
  await sql`
    insert into token_key (id, wrapped, authenticated, supplier_id, created_at, ends_at)
    values (${Uint8Array.fromHex(key.id)}, ${key.wrapped}, ${key.authenticated}, ${key.supplierId}, ${key.createdAt},
      ${key.endsAt})
    on conflict (id) do update set ends_at = greatest(token_key.ends_at, excluded.ends_at)
    where token_key.supplier_id is not null`.execute(tx);
}

export async function destroyTokenKey(tx: Db, id: string, now: UnixSeconds): Promise<void> {
  await sql`
    update token_key set wrapped = null, ends_at = coalesce(ends_at, ${now}) where id = ${Uint8Array.fromHex(id)}
  `.execute(tx);
}

export async function insertRecipient(
  tx: Db,
  recipient: { publicKey: Uint8Array; wrappedPrivateKey: Uint8Array; now: UnixSeconds },
): Promise<void> {
  await tables(tx)
    .insertInto("token_key_recipient")
    .values({
      public_key: recipient.publicKey,
      wrapped_private_key: recipient.wrappedPrivateKey,
      created_at: recipient.now,
    })
    .execute();
}

/** The wrapped private key of the recipient, or null when the public key is none of ours. */
export async function readRecipient(db: Db, publicKey: Uint8Array): Promise<Uint8Array | null> {
  const query = tables(db).selectFrom("token_key_recipient").select("wrapped_private_key");
  return (await query.where("public_key", "=", publicKey).executeTakeFirst())?.wrapped_private_key ?? null;
}
