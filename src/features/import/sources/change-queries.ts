// The SQL that changes sources and whom they trust.

import { sql } from "kysely";
import type { Db } from "../../../platform/database/database.ts";
import type { ImportSource } from "../import-types.ts";
import { lockSource, readSource } from "./queries.ts";
import type { StoredTrustedKey } from "./source-types.ts";

/** The source as it is and stays until the transaction ends; null when there is none of this name. */
export async function lockSourceNamed(tx: Db, name: string): Promise<ImportSource | null> {
  const found = await readSource(tx, name);
  return found && lockSource(tx, found.id);
}

/** Writes what of a source may change. */
export async function updateSource(tx: Db, source: ImportSource): Promise<void> {
  await sql`
    update import_source set index_url = ${source.indexUrl}, base_url = ${source.baseUrl},
      header_regions = ${source.headerRegions}, other_entries = ${source.otherEntries}, traveler = ${source.traveler},
      allow_private_addresses = ${source.allowPrivateAddresses}, from_at = ${source.from}, until_at = ${source.until}
    where id = ${source.id}`.execute(tx);
}

/** The next check reads the index in whole; one that is under way is dropped. */
export async function forgetIndexValidators(tx: Db, sourceId: number): Promise<void> {
  await sql`
    update import_source set etag = null, last_modified = null, check_count = check_count + 1
    where id = ${sourceId}`.execute(tx);
}

/** When the archives are looked at again, each is read in whole and known by its digest. */
export async function forgetArchiveValidators(tx: Db, sourceId: number): Promise<void> {
  await sql`
    update import_archive set etag = null, last_modified = null
    where source_id = ${sourceId} and (etag is not null or last_modified is not null)`.execute(tx);
}

/** The trusted key of the source; null when the source has none of this id. */
export async function lockTrustedKey(tx: Db, sourceId: number, id: number): Promise<StoredTrustedKey | null> {
  const { rows } = await sql<StoredTrustedKey>`
    select id, key_id as "keyId", key_version as "keyVersion", public_key_pem as "publicKeyPem", from_at as "from",
      until_at as "until", added_at as "addedAt"
    from import_trusted_key where source_id = ${sourceId}::bigint and id = ${id}::bigint for update`.execute(tx);
  return rows[0] ?? null;
}

export async function writeTrust(tx: Db, { id, until, addedAt }: StoredTrustedKey): Promise<void> {
  await sql`
    update import_trusted_key set until_at = ${until}::bigint, added_at = ${addedAt}::bigint
    where id = ${id}::bigint`.execute(tx);
}
