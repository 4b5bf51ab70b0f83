// The database that the settings name: the embedded one, or PostgreSQL by URL or by parts.

import type { Static } from "typebox";
import type { configSchema } from "./config-schema.ts";
import { withRequiredTls } from "./require-tls.ts";
import type { SSL_MODES } from "./settings/database-settings.ts";

type Given = Static<typeof configSchema>["database"];

export interface PostgresParts {
  /** Or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly name?: string;
  readonly user?: string;
  readonly password?: string;
  readonly sslMode: (typeof SSL_MODES)[number];
  readonly sslRootCertFile?: string;
  readonly sslCertFile?: string;
  readonly sslKeyFile?: string;
}

export interface PostgresConfig {
  readonly kind: "postgres";
  /** A URL, or what one is made of. */
  readonly url?: string;
  readonly parts?: PostgresParts;
  readonly schema?: string;
  readonly connectTimeoutSeconds: number;
  readonly statementTimeoutSeconds: number;
  readonly poolMinConnections: number;
  readonly poolMaxConnections: number;
  readonly poolMaxLifetimeSeconds: number;
  readonly poolMaxIdleSeconds: number;
}

export type DatabaseConfig = { readonly kind: "embedded"; readonly folder: string } | PostgresConfig;

const PARTS = [
  "host",
  "port",
  "name",
  "user",
  "password",
  "sslMode",
  "sslRootCertFile",
  "sslCertFile",
  "sslKeyFile",
] as const;

/** `pathOf` makes a folder of the data folder out of a name. */
export function resolveDatabase(
  given: Given,
  pathOf: (folder: string) => string,
  isProduction: boolean,
): DatabaseConfig {
  if (!isPostgres(given)) return { kind: "embedded", folder: pathOf(given.folder ?? "database") };
  const { url, schema } = given;
  return {
    kind: "postgres",
    ...(url === undefined ? { parts: resolveParts(given) } : { url: isProduction ? withRequiredTls(url) : url }),
    ...(schema === undefined ? {} : { schema }),
    connectTimeoutSeconds: given.connectTimeoutSeconds,
    statementTimeoutSeconds: given.statementTimeoutSeconds,
    poolMinConnections: given.poolMinConnections,
    poolMaxConnections: given.poolMaxConnections,
    poolMaxLifetimeSeconds: given.poolMaxLifetimeSeconds,
    poolMaxIdleSeconds: given.poolMaxIdleSeconds,
  };
}

/** Settings that contradict each other, by their paths. */
export function contradictionsIn(given: Given): string[] {
  const found: string[] = [];
  const parts = PARTS.filter((name) => given[name] !== undefined);
  if (given.url !== undefined && parts.length > 0) {
    found.push(`database.url and ${parts.map(named).join(", ")} exclude each other`);
  }
  const postgres = [
    ...(given.url === undefined ? [] : ["url"]),
    ...parts,
    ...(given.schema === undefined ? [] : ["schema"]),
  ];
  if (given.kind === "embedded" && postgres.length > 0) {
    found.push(`database.kind is embedded, which has no ${postgres.map(named).join(", ")}`);
  }
  if (given.folder !== undefined && isPostgres(given))
    found.push("database.folder belongs to the embedded database only");
  if (given.kind === "postgres" && given.url === undefined && parts.length === 0) {
    found.push("database.kind is postgres, which needs database.url or database.host");
  }
  if ((given.sslCertFile === undefined) !== (given.sslKeyFile === undefined)) {
    found.push("database.sslCertFile and database.sslKeyFile need each other");
  }
  if (given.sslMode === "verify-ca" && given.sslRootCertFile === undefined) {
    found.push("database.sslMode is verify-ca, which needs database.sslRootCertFile");
  }
  if (given.poolMinConnections > given.poolMaxConnections) {
    found.push("database.poolMinConnections is larger than database.poolMaxConnections");
  }
  return found;
}

function named(name: string): string {
  return `database.${name}`;
}

function isPostgres(given: Given): boolean {
  if (given.kind !== undefined) return given.kind === "postgres";
  return given.url !== undefined || PARTS.some((name) => given[name] !== undefined);
}

function resolveParts(given: Given): PostgresParts {
  const { name, user, password, sslRootCertFile, sslCertFile, sslKeyFile } = given;
  return {
    host: given.host ?? "localhost",
    port: given.port ?? 5_432,
    sslMode: given.sslMode ?? "require",
    ...(name === undefined ? {} : { name }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(sslRootCertFile === undefined ? {} : { sslRootCertFile }),
    ...(sslCertFile === undefined ? {} : { sslCertFile }),
    ...(sslKeyFile === undefined ? {} : { sslKeyFile }),
  };
}
