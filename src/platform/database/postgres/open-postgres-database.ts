// Opens a PostgreSQL server's database through a pool of connections.

import { type ClientBase, Pool, type PoolConfig } from "pg";
import type { Database } from "../database.ts";
import { databaseOverSessions } from "../database-over-sessions.ts";
import type { Sessions } from "../sessions.ts";
import { type ConnectionParts, connectionOf } from "./connection-parts.ts";
import { PoolSessions } from "./pool-sessions.ts";
import { IDLE_MILLISECONDS, KEEP_ALIVE, LOCK_MILLISECONDS } from "./server-limits.ts";
import { valueTypes } from "./value-types.ts";

export interface PostgresDatabaseOptions {
  /** A connection URL such as `postgres://user:password@host:5432/name`; or give `parts`. */
  readonly url?: string;
  readonly parts?: ConnectionParts;
  /** Default 10. */
  readonly maxConnections?: number;
  /** So many stay open when idle; default 0. */
  readonly minConnections?: number;
  /** Default 30. */
  readonly connectTimeoutSeconds?: number;
  /** A server that takes longer for one statement counts as unreachable; by default it may take for ever. */
  readonly statementTimeoutSeconds?: number;
  /** Older connections are not used again; by default they are. */
  readonly maxLifetimeSeconds?: number;
  /** Default 10. */
  readonly maxIdleSeconds?: number;
  /** The schema to work in instead of the server's default: lower-case letters, digits and underscores. */
  readonly schema?: string;
}

/** Opens the pool and makes sure that a connection can be had; throws `database_unreachable` otherwise. */
export async function openPostgresDatabase(options: PostgresDatabaseOptions): Promise<Database> {
  return databaseOverSessions("postgres", await openPostgresSessions(options));
}

/** The same for whoever puts something between the sessions and the database. */
export async function openPostgresSessions(options: PostgresDatabaseOptions): Promise<Sessions> {
  const { statementTimeoutSeconds, schema } = options;
  const sessions = new PoolSessions(new Pool(poolConfig(options)), {
    ...(statementTimeoutSeconds === undefined ? {} : { withinMilliseconds: statementTimeoutSeconds * 1_000 }),
    lockMilliseconds: LOCK_MILLISECONDS,
    idleMilliseconds: IDLE_MILLISECONDS,
    ...(schema === undefined ? {} : { schema }),
  });
  try {
    await sessions.learn();
    return sessions;
  } catch (error) {
    await sessions.close();
    throw error;
  }
}

function poolConfig(options: PostgresDatabaseOptions): PoolConfig {
  const { url, parts, maxConnections = 10, minConnections = 0, statementTimeoutSeconds, schema } = options;
  if (schema !== undefined && !/^[a-z_][a-z0-9_]*$/.test(schema)) {
    throw new RangeError(`${schema} cannot be the name of a schema`);
  }
  return {
    ...(parts === undefined ? {} : connectionOf(parts)),
    ...(url === undefined ? {} : { connectionString: url }),
    max: maxConnections,
    min: minConnections,
    connectionTimeoutMillis: (options.connectTimeoutSeconds ?? 30) * 1_000,
    ...(statementTimeoutSeconds === undefined ? {} : { query_timeout: statementTimeoutSeconds * 1_000 }),
    maxLifetimeSeconds: options.maxLifetimeSeconds ?? 0,
    idleTimeoutMillis: (options.maxIdleSeconds ?? 10) * 1_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MILLISECONDS,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it; its types do not say so
    onConnect: keepAlive,
    pipeline: true,
    application_name: "enks",
    types: valueTypes,
  };
}

/** Without an answer to that, a server that is lost is noticed some ten seconds later. */
const KEEP_ALIVE_AFTER_MILLISECONDS = 10_000;
const ASIDE_MILLISECONDS = 5_000;

/** What the server, or a pooler before it, does not take of this only leaves connections open for longer. */
async function keepAlive(client: ClientBase): Promise<void> {
  try {
    await client.query({ text: KEEP_ALIVE, query_timeout: ASIDE_MILLISECONDS } as { text: string });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}
