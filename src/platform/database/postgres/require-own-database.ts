// Whether a PostgreSQL database is one that a server may make its tables in, before it makes any.

import { CodedError } from "../../../core/coded-error.ts";
import type { Database, DatabaseErrorCode } from "../database.ts";

export interface FoundDatabase {
  readonly database: string;
  readonly user: string;
  /** Where tables would be made; null where the user's search path names no schema that is there. */
  readonly schema: string | null;
  /** The tables of that schema. */
  readonly tables: readonly string[];
  readonly mayCreateTables: boolean;
  readonly mayCreateSchemas: boolean;
  readonly hasJobSchema: boolean;
}

/** The applied migrations: where this table is, the tables have been made. */
const OWN_TABLE = "schema_migration";
/** Made by the reference server's first migration, and there under these names ever since (KS 12). */
const REFERENCE_TABLES = ["exportconfig", "exportbatch", "exportfile"];

/**
 * Reads what is there and changes nothing. `jobSchemaOf` answers the name of the job queue's schema beside ours. Throws
 * `database_of_reference_server` and `database_rights_missing`, and the database's codes.
 */
export async function requireOwnDatabase(database: Database, jobSchemaOf: (schema: string) => string): Promise<void> {
  const problem = judgeDatabase(await findDatabase(database, jobSchemaOf));
  if (problem !== null) throw problem;
}

/** Why no server may work in it; null: it may. Rights that only a first start needs are not asked for later. */
export function judgeDatabase(found: FoundDatabase): CodedError<DatabaseErrorCode> | null {
  const { database, schema, tables } = found;
  if (REFERENCE_TABLES.every((name) => tables.includes(name))) {
    return new CodedError(
      "database_of_reference_server",
      `the schema "${schema}" of the database "${database}" is the reference server's (exposure-notifications-server): its table exportconfig is there`,
      {
        remedy:
          "Name a database of its own (DB_NAME or DATABASE_URL), or another schema (ENKS_DATABASE_SCHEMA). Nothing was changed.",
      },
    );
  }
  if (schema === null) return rightsMissing(found, "has no schema to work in", "create schema enks authorization USER");
  if (!tables.includes(OWN_TABLE) && !found.mayCreateTables) {
    return rightsMissing(
      found,
      `may not make tables in the schema "${schema}"`,
      `grant usage, create on schema ${schema} to USER`,
    );
  }
  if (!found.hasJobSchema && !found.mayCreateSchemas) {
    const grant = `grant create on database ${database} to USER`;
    return rightsMissing(found, "may not make the schema of the job queue", grant);
  }
  return null;
}

function rightsMissing(
  { database, user }: FoundDatabase,
  lack: string,
  statement: string,
): CodedError<DatabaseErrorCode> {
  return new CodedError("database_rights_missing", `the user "${user}" of the database "${database}" ${lack}`, {
    remedy: `Have its owner run: ${statement.replace("USER", user)}. Nothing was changed.`,
  });
}

async function findDatabase(database: Database, jobSchemaOf: (schema: string) => string): Promise<FoundDatabase> {
  const [own] = await database.execute(
    `select current_database() as database, current_user::text as "user", current_schema()::text as schema,
       coalesce(has_schema_privilege(current_schema()::text, 'create')
         and has_schema_privilege(current_schema()::text, 'usage'), false) as "mayCreateTables",
       has_database_privilege(current_database(), 'create') as "mayCreateSchemas",
       array(select tablename::text from pg_tables where schemaname = current_schema()) as tables`,
    [],
  );
  const found = own as Omit<FoundDatabase, "hasJobSchema">;
  const jobs = await database.execute("select 1 from pg_namespace where nspname = $1", [
    jobSchemaOf(found.schema ?? ""),
  ]);
  return { ...found, hasJobSchema: jobs.length > 0 };
}
