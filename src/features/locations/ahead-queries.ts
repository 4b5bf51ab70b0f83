// Instants of archives that a clock which was ahead has written; names that were published stay as they are.

import { sql } from "kysely";
import { type AheadTables, aheadOf, enteredUntil } from "../../platform/time/ahead-tables.ts";
import { setNotAfter } from "../../platform/time/instant-queries.ts";

/**
 * What was appended ahead is listed as long as what is appended now. What left an index ahead has left it: phones have
 * seen that; its archive goes after the grace from now. Later archives go behind the names of the future by the smallest
 * step (`store-object.ts`).
 */
export const locationAheadTables: AheadTables = {
  async putBack(tx, request) {
    const { now } = request;
    // Only where none is in force: a rotation that is planned stays so, since phones may not know the seal yet.
    const seals = await sql`
      update location_seal seal set from_at = ${now}::bigint
      where from_at > ${aheadOf(now)}::bigint and from_at <= ${enteredUntil(request)}::bigint
        and not exists (
          select from location_seal earlier
          where earlier.location_id = seal.location_id and earlier.from_at < seal.from_at
        )`.execute(tx);
    const archives = !request.isProven
      ? null
      : await sql`
      update location_archive set
        expires_at = case when appended_at > ${aheadOf(now)}::bigint
          then ${now}::bigint + expires_at - appended_at else expires_at end,
        ${setNotAfter(["appended_at", "expired_at", "unlisted_at", "deleted_at"], now)}
      where greatest(appended_at, expired_at, unlisted_at, deleted_at) > ${aheadOf(now)}::bigint`.execute(tx);
    await sql`
      update location set ${setNotAfter(["index_checked_at", "failed_at"], now)}
      where greatest(index_checked_at, failed_at) > ${aheadOf(now)}::bigint`.execute(tx);
    return { archives: Number(archives?.numAffectedRows ?? 0n), seals: Number(seals.numAffectedRows ?? 0n) };
  },
};
