// One statement on PGlite, as sessions answer it.

import type { PGlite, Results } from "@electric-sql/pglite";
import type { StatementResult } from "../sessions.ts";

/** Without parameters `sql` may hold several statements; the rows are then those of all of them. */
export async function runStatement(
  pglite: PGlite,
  sql: string,
  parameters: readonly unknown[],
): Promise<StatementResult> {
  const { rows, affectedRows = 0, command = "" } = await results(pglite, sql, parameters);
  return { rows, affected: affectedRows, command };
}

async function results(pglite: PGlite, sql: string, parameters: readonly unknown[]): Promise<Results> {
  if (parameters.length > 0) return pglite.query(sql, [...parameters]);
  const all = await pglite.exec(sql);
  return { ...(all.at(-1) ?? { fields: [] }), rows: all.flatMap(({ rows }) => rows) };
}
