// The SQL that changes sources.

import { sql } from "kysely";
import type { Db } from "../../../platform/database/database.ts";
import type { ImportSource } from "../import-types.ts";
import { lockSource, readSource } from "./queries.ts";

/** The source as it is and stays until the transaction ends; null when there is none of this name. */
export async function lockSourceNamed(tx: Db, name: string): Promise<ImportSource | null> {
  const found = await readSource(tx, name);
  return found && lockSource(tx, found.id);
}

/** When the archives are looked at again, each is read in whole and known by its digest. */
export async function forgetArchiveValidators(tx: Db, sourceId: number): Promise<void> {
  await sql`
    update import_archive set etag = null, last_modified = null
    where source_id = ${sourceId} and (etag is not null or last_modified is not null)`.execute(tx);
}
