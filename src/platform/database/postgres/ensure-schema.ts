// The schema that a configuration names.

import type { Database } from "../database.ts";

/** Makes it only where it is missing, since a user who may not make schemas may still use one. */
export async function ensureSchema(database: Database, schema: string): Promise<void> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new RangeError(`${schema} cannot be the name of a schema`);
  const found = await database.execute("select 1 from pg_namespace where nspname = $1", [schema]);
  if (found.length === 0) await database.execute(`create schema if not exists ${schema}`, []);
}
