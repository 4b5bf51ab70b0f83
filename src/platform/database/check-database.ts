// Whether the database can be worked with now.

import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "./database.ts";
import { type MigrationSet, readMigrationNames } from "./migrate.ts";

/** What is wrong, as the health checks show it. `database_not_current`: its tables are not those of this program. */
export type DatabaseCheckFailure = "database_unreachable" | "database_not_current";

/** Answers within the bound, whatever is wrong; null: nothing. */
export async function checkDatabase(
  database: Database,
  sets: readonly MigrationSet[],
  withinMilliseconds: number,
): Promise<DatabaseCheckFailure | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), withinMilliseconds);
  try {
    const applied = await Promise.race([readApplied(database, withinMilliseconds), late.promise]);
    if (applied === null) return "database_unreachable";
    const wanted = sets.flatMap((set) => readMigrationNames(set).map((name) => `${set.name}/${name}`));
    const own = applied.filter((name) => sets.some((set) => name.startsWith(`${set.name}/`)));
    return new Set(own).symmetricDifference(new Set(wanted)).size === 0 ? null : "database_not_current";
  } catch (error) {
    return codeOf(error) === undefined ? "database_not_current" : "database_unreachable";
  } finally {
    clearTimeout(timer);
  }
}

async function readApplied(database: Database, withinMilliseconds: number): Promise<string[]> {
  const text = "select set_name || '/' || name as name from schema_migration";
  // Or each check would keep another connection to a server that does not answer.
  const rows = await database.execute(text, [], { withinMilliseconds });
  return rows.flatMap((row) => {
    const name: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "name") : null;
    return typeof name === "string" ? [name] : [];
  });
}
