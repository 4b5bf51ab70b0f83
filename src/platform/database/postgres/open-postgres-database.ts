// Opens a PostgreSQL server's database through a pool of connections.

import { Pool, type PoolConfig } from "pg";
import type { Database } from "../database.ts";
import { databaseOverSessions } from "../database-over-sessions.ts";
import { PoolSessions } from "./pool-sessions.ts";
import { valueTypes } from "./value-types.ts";

export interface PostgresDatabaseOptions {
  /** A connection URL such as `postgres://user:password@host:5432/name`. */
  readonly url: string;
  /** Default 10. */
  readonly maxConnections?: number;
  /** The schema to work in instead of the server's default: lower-case letters, digits and underscores. */
  readonly schema?: string;
}

const CONNECT_TIMEOUT_MILLISECONDS = 30_000;

/** Opens the pool and makes sure that a connection can be had; throws `database_unreachable` otherwise. */
export async function openPostgresDatabase(options: PostgresDatabaseOptions): Promise<Database> {
  const sessions = new PoolSessions(new Pool(poolConfig(options)));
  try {
    sessions.release(await sessions.acquire(), true);
  } catch (error) {
    await sessions.close();
    throw error;
  }
  return databaseOverSessions("postgres", sessions);
}

function poolConfig({ url, maxConnections = 10, schema }: PostgresDatabaseOptions): PoolConfig {
  if (schema !== undefined && !/^[a-z_][a-z0-9_]*$/.test(schema)) {
    throw new RangeError(`${schema} cannot be the name of a schema`);
  }
  return {
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    keepAlive: true,
    application_name: "enks",
    types: valueTypes,
    ...(schema === undefined ? {} : { options: `-c search_path=${schema}` }),
  };
}
