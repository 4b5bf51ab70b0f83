// The SQL on the public keys that are trusted on the archives of servers that are followed.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";
import type { StoredTrustedKey } from "./upstream-types.ts";

const COLUMNS = sql`
  id, key_id as "keyId", key_version as "keyVersion", public_key_pem as "publicKeyPem", from_at as "from",
  until_at as "until", added_at as "addedAt"`;

/** Answers its id. */
export async function insertTrustedKey(
  tx: Db,
  upstreamId: number,
  { keyId, keyVersion, publicKeyPem, from, until, addedAt }: Omit<StoredTrustedKey, "id">,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into upstream_trusted_key (upstream_id, key_id, key_version, public_key_pem, from_at, until_at, added_at)
    values (${upstreamId}::bigint, ${keyId}, ${keyVersion}, ${publicKeyPem}, ${from}::bigint, ${until}::bigint,
      ${addedAt}::bigint)
    returning id`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error("an insert answers its row");
  return row.id;
}

/** Of each of these servers the trusted keys, whatever their time, in the order in which they were added. */
export async function readTrusted(
  db: Db,
  upstreamIds: readonly number[],
): Promise<ReadonlyMap<number, readonly StoredTrustedKey[]>> {
  const { rows } = await sql<StoredTrustedKey & { upstreamId: number }>`
    select upstream_id as "upstreamId", ${COLUMNS} from upstream_trusted_key
    where upstream_id = any(${upstreamIds}::bigint[]) order by id`.execute(db);
  const byUpstream = new Map<number, StoredTrustedKey[]>();
  for (const { upstreamId, ...trusted } of rows) {
    const found = byUpstream.get(upstreamId);
    if (found === undefined) byUpstream.set(upstreamId, [trusted]);
    else found.push(trusted);
  }
  return byUpstream;
}

/** The trusted key of this id, as it stays until the transaction ends; null when the server has none. */
export async function lockTrustedKey(tx: Db, upstreamId: number, id: number): Promise<StoredTrustedKey | null> {
  const { rows } = await sql<StoredTrustedKey>`
    select ${COLUMNS} from upstream_trusted_key
    where upstream_id = ${upstreamId}::bigint and id = ${id}::bigint for update`.execute(tx);
  return rows[0] ?? null;
}

export async function writeTrust(tx: Db, { id, until, addedAt }: StoredTrustedKey): Promise<void> {
  await sql`
    update upstream_trusted_key set until_at = ${until}::bigint, added_at = ${addedAt}::bigint
    where id = ${id}::bigint`.execute(tx);
}
