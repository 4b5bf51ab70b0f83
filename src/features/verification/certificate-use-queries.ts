// All SQL on uses of certificates.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";

export interface CountedUse {
  /** In hex. */
  readonly digest: string;
  readonly count: number;
  readonly expiresAt: UnixSeconds;
}

/** Adds up the uses, each digest once, and answers the digests whose sum stays within `most`; the others are as before. */
export async function addUses(tx: Db, uses: readonly CountedUse[], most: number): Promise<string[]> {
  const { rows } = await sql<{ digest: string }>`
    ${insertUses(uses)}
    on conflict (digest) do update set uses = stored.uses + excluded.uses
      where stored.uses + excluded.uses <= ${most}
    returning encode(digest, 'hex') as digest`.execute(tx);
  return rows.map(({ digest }) => digest);
}

/** The statement that adds up the uses, and fails, the column being never null, where a sum is more than `most`. */
export function addUsesOrFail(uses: readonly CountedUse[], most: number): RawBuilder<unknown> {
  return sql`
    ${insertUses(uses)}
    on conflict (digest) do update set
      uses = case when stored.uses + excluded.uses <= ${most} then stored.uses + excluded.uses end`;
}

/** In one order, so that two transactions with the same certificates wait for each other and never in a circle. */
function insertUses(uses: readonly CountedUse[]): RawBuilder<unknown> {
  return sql`
    insert into certificate_use as stored (digest, uses, expires_at)
    select decode(digest, 'hex'), count, expires_at
    from unnest(
      ${column(
        uses.map(({ digest }) => digest),
        sql`text[]`,
      )},
      ${column(
        uses.map(({ count }) => count),
        sql`integer[]`,
      )},
      ${column(
        uses.map(({ expiresAt }) => expiresAt),
        sql`bigint[]`,
      )}
    ) as used (digest, count, expires_at)
    order by digest`;
}

/** Answers how many certificates were forgotten. */
export async function deleteUsesBefore(db: Db, cutoff: UnixSeconds): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with deleted as (delete from certificate_use where expires_at < ${cutoff} returning 1)
    select count(*) as count from deleted`.execute(db);
  return rows[0]?.count ?? 0;
}

/** As text, which every driver sends alike. */
function column(values: readonly (string | number)[], type: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${values.map(String)}::text[]::${type}`;
}
