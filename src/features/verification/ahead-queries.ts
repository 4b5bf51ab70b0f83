// Keys of authorities that were taken or withdrawn by a clock that was ahead.

import { sql } from "kysely";
import { type AheadTables, aheadOf, enteredUntil } from "../../platform/time/ahead-tables.ts";
import { setNotAfter } from "../../platform/time/instant-queries.ts";
import { raiseRevision } from "./queries.ts";

/** Until when an operator said that a key is valid stays. */
export const verificationAheadTables: AheadTables = {
  async putBack(tx, request) {
    const { now } = request;
    const authorityKeys = await sql`
      update health_authority_key set from_at = ${now}::bigint
      where from_at > ${aheadOf(now)}::bigint and (origin = 'jwks' or from_at <= ${enteredUntil(request)}::bigint)`.execute(
      tx,
    );
    const withdrawn = await sql`
      update health_authority_key set until_at = ${now}::bigint
      where until_set_by = 'jwks' and until_at > ${aheadOf(now)}::bigint`.execute(tx);
    await sql`
      update health_authority set ${setNotAfter(["jwks_checked_at", "jwks_succeeded_at"], now)}
      where greatest(jwks_checked_at, jwks_succeeded_at) > ${aheadOf(now)}::bigint`.execute(tx);
    const count = Number(authorityKeys.numAffectedRows ?? 0n) + Number(withdrawn.numAffectedRows ?? 0n);
    if (count > 0) await raiseRevision(tx);
    return { authorityKeys: count };
  },
};
