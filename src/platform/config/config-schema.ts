// The form of the configuration: names and defaults follow KS 11.5, with the unit in the name.

import { Type } from "typebox";

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

const closed = { additionalProperties: false };
const folder = Type.Optional(Type.String({ minLength: 1 }));
const filesystem = Type.Object({ kind: Type.Literal("filesystem"), folder }, closed);
const memory = Type.Object({ kind: Type.Literal("memory") }, closed);
const embedded = Type.Object({ kind: Type.Literal("embedded"), folder }, closed);
const postgres = Type.Object(
  { kind: Type.Literal("postgres"), url: Type.String({ pattern: "^postgres(ql)?://" }) },
  closed,
);

export const configSchema = Type.Object(
  {
    dataFolder: Type.String({ minLength: 1, default: ".enks" }),
    database: Type.Union([embedded, postgres], { default: { kind: "embedded" } }),
    blobs: Type.Union([filesystem, memory], { default: { kind: "filesystem" } }),
    signingKeys: Type.Union([filesystem, memory], { default: { kind: "filesystem" } }),
    publicListener: Type.Object(
      {
        host: Type.String({ minLength: 1, default: "127.0.0.1" }),
        /** PORT. 0 lets the system choose. */
        port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8_080 }),
      },
      { ...closed, default: {} },
    ),
    /** TRUNCATE_WINDOW. */
    truncateWindowSeconds: Type.Integer({ minimum: 1, maximum: DAY_SECONDS, default: HOUR_SECONDS }),
    /** MIN_WINDOW_AGE. */
    minWindowAgeSeconds: Type.Integer({ minimum: 0, default: 2 * HOUR_SECONDS }),
    /** EXPORT_FILE_MIN_RECORDS. */
    exportFileMinRecords: Type.Integer({ minimum: 0, default: 1_000 }),
    /** EXPORT_FILE_PADDING_RANGE. */
    exportFilePaddingRange: Type.Integer({ minimum: 0, default: 100 }),
    /** EXPORT_FILE_MAX_RECORDS. */
    exportFileMaxRecords: Type.Integer({ minimum: 1, default: 500_000 }),
    /** CLEANUP_TTL; at least ten days (KS 10.1). */
    cleanupTtlSeconds: Type.Integer({ minimum: 10 * DAY_SECONDS, default: 336 * HOUR_SECONDS }),
    /** LOG_LEVEL. */
    logLevel: Type.Enum(["debug", "info", "warn", "error", "silent"], { default: "warn" }),
  },
  closed,
);

/** The backends, whose `kind` says which other settings there are. */
export const backendSchemas = {
  database: { embedded, postgres },
  blobs: { filesystem, memory },
  signingKeys: { filesystem, memory },
} as const;
