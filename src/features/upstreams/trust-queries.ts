// The SQL on the public keys that are trusted on the archives of servers that are followed.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";
import type { StoredTrustedKey } from "./upstream-types.ts";

const COLUMNS = sql`
  trusted.id, key_id as "keyId", key_version as "keyVersion", public_key_pem as "publicKeyPem",
  trusted.from_at as "from", trusted.until_at as "until", added_at as "addedAt"`;

/** Trust belongs to the supplier: what was entered at one of its listings holds at all of them. */
const TRUSTED_BY_LISTING = sql`
  upstream asked
  join upstream sibling on sibling.id = asked.id or sibling.supplier_id = asked.supplier_id
  join upstream_trusted_key trusted on trusted.upstream_id = sibling.id`;

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

/** Of each of these listings the trusted keys of its supplier, whatever their time, in the order in which they were added. */
export async function readTrusted(
  db: Db,
  upstreamIds: readonly number[],
): Promise<ReadonlyMap<number, readonly StoredTrustedKey[]>> {
  const { rows } = await sql<StoredTrustedKey & { upstreamId: number }>`
    select asked.id as "upstreamId", ${COLUMNS} from ${TRUSTED_BY_LISTING}
    where asked.id = any(${upstreamIds}::bigint[]) order by trusted.id`.execute(db);
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
    select ${COLUMNS} from ${TRUSTED_BY_LISTING}
    where asked.id = ${upstreamId}::bigint and trusted.id = ${id}::bigint for update of trusted`.execute(tx);
  return rows[0] ?? null;
}

export async function writeTrust(tx: Db, { id, until, addedAt }: StoredTrustedKey): Promise<void> {
  await sql`
    update upstream_trusted_key set until_at = ${until}::bigint, added_at = ${addedAt}::bigint
    where id = ${id}::bigint`.execute(tx);
}
