// Settings of the database: embedded, or PostgreSQL by its URL or by the parts of its address.

import { Type } from "typebox";
import { CLOSED, HOUR_SECONDS, notes } from "../setting-notes.ts";

/** As libpq has them; without `allow` and `prefer`, which try to do without encryption. */
export const SSL_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;

const text = { minLength: 1 } as const;

/** Each may be left out. */
const address = {
  kind: Type.Enum(["embedded", "postgres"], {
    ...notes({
      description: "`embedded` needs nothing and survives a killed process, but not a power cut.",
      environment: ["ENKS_DATABASE_KIND"],
      defaultText: "`postgres` where an address is set",
    }),
  }),
  folder: Type.String({
    ...text,
    ...notes({
      description: "Where the embedded database lives; a relative path begins at the data folder.",
      environment: ["ENKS_DATABASE_FOLDER"],
      defaultText: "`database` in the data folder",
    }),
  }),
  url: Type.String({
    pattern: "^postgres(ql)?://",
    ...notes({
      description:
        "PostgreSQL's address. Or give its parts below. Where production is set, an address without `sslmode` means `require`.",
      environment: ["DATABASE_URL"],
      secret: true,
    }),
  }),
  host: Type.String({
    ...text,
    ...notes({
      description: "Host, or the folder of a socket.",
      environment: ["DB_HOST"],
      defaultText: "`localhost` where another part of the address is set",
    }),
  }),
  port: Type.Integer({
    minimum: 1,
    maximum: 65_535,
    ...notes({ description: "Port.", environment: ["DB_PORT"], defaultText: "5432" }),
  }),
  name: Type.String({ ...text, ...notes({ description: "The database's name.", environment: ["DB_NAME"] }) }),
  user: Type.String({ ...text, ...notes({ description: "User.", environment: ["DB_USER"] }) }),
  password: Type.String({
    ...text,
    ...notes({ description: "Password.", environment: ["DB_PASSWORD"], secret: true }),
  }),
  sslMode: Type.Enum(SSL_MODES, {
    ...notes({
      description:
        "Whether the connection is encrypted, and how the server's certificate is judged; as libpq means it. Beside `url`, `sslmode` is part of that.",
      environment: ["DB_SSLMODE"],
      defaultText: "`require`",
    }),
  }),
  sslRootCertFile: Type.String({
    ...text,
    ...notes({ description: "Certificates of authorities that are trusted, PEM.", environment: ["DB_SSLROOTCERT"] }),
  }),
  sslCertFile: Type.String({
    ...text,
    ...notes({ description: "This client's certificate, PEM.", environment: ["DB_SSLCERT"] }),
  }),
  sslKeyFile: Type.String({
    ...text,
    ...notes({ description: "The private key of that certificate, PEM.", environment: ["DB_SSLKEY"] }),
  }),
  schema: Type.String({
    pattern: "^[a-z_][a-z0-9_]{0,50}$",
    ...notes({
      description: "The schema to work in, so that two servers can share a database; made where it is missing.",
      environment: ["ENKS_DATABASE_SCHEMA"],
      defaultText: "the user's",
    }),
  }),
};

const connections = {
  connectTimeoutSeconds: Type.Integer({
    minimum: 1,
    maximum: 600,
    default: 10,
    ...notes({
      description: "How long to wait for a connection.",
      unit: "seconds",
      environment: ["DB_CONNECT_TIMEOUT"],
    }),
  }),
  statementTimeoutSeconds: Type.Integer({
    minimum: 1,
    maximum: 24 * HOUR_SECONDS,
    default: 300,
    ...notes({
      description:
        "PostgreSQL that takes longer for one statement counts as unreachable: the work is given up and done again.",
      unit: "seconds",
      environment: ["ENKS_DATABASE_STATEMENT_TIMEOUT"],
    }),
  }),
  poolMinConnections: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 0,
    ...notes({ description: "So many connections stay open when idle.", environment: ["DB_POOL_MIN_CONNS"] }),
  }),
  poolMaxConnections: Type.Integer({
    minimum: 4,
    maximum: 1_000,
    default: 10,
    ...notes({ description: "Most connections of this process.", environment: ["DB_POOL_MAX_CONNS"] }),
  }),
  poolMaxLifetimeSeconds: Type.Integer({
    minimum: 1,
    maximum: 24 * HOUR_SECONDS,
    default: 300,
    ...notes({
      description: "An older connection is not used again.",
      unit: "seconds",
      environment: ["DB_POOL_MAX_CONN_LIFETIME"],
    }),
  }),
  poolMaxIdleSeconds: Type.Integer({
    minimum: 1,
    maximum: HOUR_SECONDS,
    default: 60,
    ...notes({
      description: "An idle connection is closed after this time.",
      unit: "seconds",
      environment: ["DB_POOL_MAX_CONN_IDLE_TIME"],
    }),
  }),
};

export const databaseSettings = {
  database: Type.Object(
    { ...Type.Partial(Type.Object(address)).properties, ...connections },
    { ...CLOSED, default: {} },
  ),
};
