// The SQL that changes mirrors and whom they trust.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Mirror, MirrorSettings, StoredTrustedKey } from "./mirror-types.ts";
import { readMirror } from "./queries.ts";

/** The mirror as it is and stays until the transaction ends. */
export async function lockMirror(tx: Db, name: string): Promise<Mirror | undefined> {
  await sql`select id from mirror where name = ${name} for update`.execute(tx);
  return readMirror(tx, name);
}

/** Writes what of a mirror may change. */
export async function updateMirror(tx: Db, id: number, settings: MirrorSettings): Promise<void> {
  await sql`
    update mirror set index_url = ${settings.indexUrl}, base_url = ${settings.baseUrl},
      allow_private_addresses = ${settings.allowPrivateAddresses}, max_records = ${settings.maxRecords},
      until_at = ${settings.until}::bigint
    where id = ${id}::bigint`.execute(tx);
}

/** Answers the trusted key as it is now; undefined when the mirror has none of this id. */
export async function changeTrustedUntil(
  db: Db,
  mirrorId: number,
  id: number,
  until: UnixSeconds | null,
): Promise<StoredTrustedKey | undefined> {
  const { rows } = await sql<StoredTrustedKey>`
    update mirror_trusted_key set until_at = ${until}::bigint
    where mirror_id = ${mirrorId}::bigint and id = ${id}::bigint
    returning id, key_id as "keyId", key_version as "keyVersion", public_key_pem as "publicKeyPem",
      from_at as "from", until_at as "until"`.execute(db);
  return rows[0];
}
