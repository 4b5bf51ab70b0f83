// The SQL of one location as it was published: what phones have to find.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Location, LocationArchive, Seal } from "./location-types.ts";
import { readOverview } from "./overview-queries.ts";
import { readSeals } from "./queries.ts";

export interface PublishedArchive extends Pick<LocationArchive, "line" | "expiredAt" | "deletedAt"> {
  /** Of its bytes. */
  readonly digest: string;
  readonly appendedAt: UnixSeconds;
}

export interface PublishedTree extends Pick<Location, "indexObject" | "basePrefix"> {
  /** Whether this server is the only writer. */
  readonly isOurs: boolean;
  /** When the index was last found, or made, as it should be. */
  readonly indexCheckedAt: UnixSeconds | null;
  /** In the order of the index; those that left it too. */
  readonly archives: readonly PublishedArchive[];
  readonly seals: readonly Seal[];
}

export async function readPublishedTree(db: Db, name: string): Promise<PublishedTree | null> {
  const overview = await readOverview(db, name);
  if (overview === undefined) return null;
  const { id, indexObject, basePrefix, ours, indexCheckedAt } = overview;
  const { rows: archives } = await sql<PublishedArchive>`
    select line, digest, appended_at as "appendedAt", expired_at as "expiredAt", deleted_at as "deletedAt"
    from location_archive where location_id = ${id}::bigint order by seq`.execute(db);
  return { indexObject, basePrefix, isOurs: ours, indexCheckedAt, archives, seals: await readSeals(db, id) };
}

/** The seals of each location, by name. */
export async function readAllSeals(db: Db): Promise<{ readonly name: string; readonly seals: readonly Seal[] }[]> {
  const { rows } = await sql<Seal & { name: string }>`
    select name, signing_key as "signingKey", key_id as "keyId", key_version as "keyVersion",
      public_key_pem as "publicKeyPem", from_at as "from", until_at as "until"
    from location join location_seal on location_id = location.id
    order by name collate "C", from_at`.execute(db);
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, seals]) => ({ name, seals }));
}
