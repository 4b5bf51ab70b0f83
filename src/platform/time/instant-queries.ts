// Instants of rows that were written by a clock that was ahead.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";

/** Sets each of the columns that lies behind `now` to `now`; those that are null stay so. */
export function setNotAfter(columns: readonly string[], now: UnixSeconds): RawBuilder<unknown> {
  return sql.join(
    columns.map((name) => {
      const column = sql.ref(name);
      return sql`${column} = case when ${column} > ${now}::bigint then ${now}::bigint else ${column} end`;
    }),
  );
}
