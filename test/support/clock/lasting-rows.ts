// What a server keeps and what may not go before its time: every row that holds a right, a memory or a debt, by name.

import type { UnixSeconds } from "../../../src/core/clock.ts";
import type { Database } from "../../../src/platform/database/database.ts";

/** Table -> how its rows are named, and which of them are not due at the instant $1. */
const LASTING: Readonly<Record<string, string>> = {
  exposure: "select encode(key_data, 'hex') as name from exposure",
  awaited_revision: "select encode(key_data, 'hex') as name from awaited_revision",
  upload_receipt: "select encode(certificate_digest, 'hex') as name from upload_receipt where expires_at > $1",
  certificate_use: "select encode(digest, 'hex') as name from certificate_use where expires_at > $1",
  upload_statistics: "select concat(authority_id, '/', hour_at) as name from upload_statistics",
  token_key: "select encode(id, 'hex') as name from token_key where wrapped is not null",
  listed_archive: "select concat(location_id, '/', line) as name from location_archive where expired_at is null",
  kept_archive: "select concat(location_id, '/', line) as name from location_archive where deleted_at is null",
  location_archive_keys: "select concat(location_id, '/', seq) as name from location_archive_keys",
  import_archive: "select concat(source_id, '/', line) as name from import_archive",
  mirror_archive: "select concat(mirror_id, '/', line) as name from mirror_archive",
  authority_key: "select concat(authority_id, '/', version) as name from health_authority_key where until_at is null",
  principal: "select name from principal",
  audit_entry: "select id::text as name from audit_entry",
};

export type LastingRows = ReadonlyMap<string, ReadonlySet<string>>;

/** What is there, and is not due at `now`. */
export async function readLastingRows(database: Database, now: UnixSeconds): Promise<LastingRows> {
  const tables = new Map<string, ReadonlySet<string>>();
  for (const [table, query] of Object.entries(LASTING)) {
    const rows = await database.execute(query.replace("$1", String(now)), []);
    tables.set(table, new Set(rows.map((row) => String((row as { name: unknown }).name))));
  }
  return tables;
}

/** In words, which of those before are gone. */
export function goneRows(before: LastingRows, after: LastingRows): string[] {
  return [...before].flatMap(([table, rows]) => {
    const gone = rows.difference(after.get(table) ?? new Set());
    return gone.size === 0 ? [] : [`${gone.size} of ${rows.size} rows of ${table} are gone`];
  });
}
