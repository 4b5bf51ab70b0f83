// The typed configuration, made from unchecked input.

import { isAbsolute, join } from "node:path";
import type { Static } from "typebox";
import { Value } from "typebox/value";
import { CodedError } from "../../core/coded-error.ts";
import { type ConfigErrorCode, invalidConfig } from "./config-error.ts";
import { configSchema } from "./config-schema.ts";
import { findProblems } from "./find-problems.ts";
import { type BlobsConfig, blobContradictions, resolveBlobs } from "./resolve-blobs.ts";
import { contradictionsIn, type DatabaseConfig, resolveDatabase } from "./resolve-database.ts";

type Input = Readonly<Static<typeof configSchema>>;
type Store = { readonly kind: "filesystem"; readonly folder: string } | { readonly kind: "memory" };

export type Duty = Input["duties"][number];

interface Address {
  readonly host: string;
  readonly port: number;
}

type Resolved =
  | "database"
  | "blobs"
  | "signingKeys"
  | "encryptionKeys"
  | "publicUrl"
  | "metricsListener"
  | "auditKeptSeconds"
  | "drainSeconds"
  | "tracing";

/** The settings with defaults filled in; a backend on files has its folder, by default one inside `dataFolder`. */
export interface Config extends Omit<Input, Resolved> {
  readonly database: DatabaseConfig;
  readonly blobs: BlobsConfig;
  readonly signingKeys: Store;
  readonly encryptionKeys: Store;
  /** Without a slash at the end; null: the public listener's own. */
  readonly publicUrl: string | null;
  readonly metricsListener: Address | null;
  /** null: for ever. */
  readonly auditKeptSeconds: number | null;
  /** 0: a stop closes the listeners at once. */
  readonly drainSeconds: number;
  readonly tracing: { readonly endpoint: string; readonly probability: number } | null;
}

/** A load balancer that looks every five seconds has seen it twice. */
const USUAL_DRAIN_SECONDS = 10;

/**
 * Checks `input` against the schema and fills in defaults; a member that is null counts as absent. Throws `config_invalid`
 * with the path of every setting that is unknown, of the wrong form or in contradiction to another, and
 * `embedded_in_production`; values never appear in the message, they may be secrets.
 */
export function parseConfig(input: unknown): Config {
  const filled = fillIn(input);
  if (!Value.Check(configSchema, filled)) throw invalidConfig(findProblems(filled));
  const contradictions = [...contradictionsIn(filled.database), ...otherContradictions(filled)];
  if (contradictions.length > 0) throw invalidConfig(contradictions);
  const pathOf = (folder: string) => (isAbsolute(folder) ? folder : join(filled.dataFolder, folder));
  const config = resolve(filled, pathOf);
  if (config.production && config.database.kind === "embedded") throw embeddedInProduction();
  return config;
}

/** The input with defaults, checked by nobody yet. */
export function fillIn(input: unknown): unknown {
  return Value.Default(configSchema, withoutNulls(Value.Clone(input)));
}

function resolve(given: Input, pathOf: (folder: string) => string): Config {
  const { publicUrl, metricsListener, auditKeptSeconds, tracing, drainSeconds, stopWithinSeconds } = given;
  const store = ({ kind, folder }: Input["signingKeys"], usual: string): Store =>
    kind === "memory" ? { kind } : { kind, folder: pathOf(folder ?? usual) };
  return {
    ...given,
    database: resolveDatabase(given.database, pathOf, given.production),
    blobs: resolveBlobs(given.blobs, (folder) => pathOf(folder ?? "objects")),
    signingKeys: store(given.signingKeys, "signing-keys"),
    encryptionKeys: store(given.encryptionKeys, "encryption-keys"),
    publicUrl: publicUrl?.replace(/\/+$/, "") ?? null,
    metricsListener: metricsListener.port === undefined ? null : { ...metricsListener, port: metricsListener.port },
    auditKeptSeconds: auditKeptSeconds ?? null,
    drainSeconds: drainSeconds ?? Math.min(USUAL_DRAIN_SECONDS, Math.floor(stopWithinSeconds / 2)),
    tracing: tracing.endpoint === undefined ? null : { ...tracing, endpoint: tracing.endpoint },
  };
}

function otherContradictions(given: Input): string[] {
  const found = blobContradictions(given.blobs);
  for (const name of ["signingKeys", "encryptionKeys"] as const) {
    const { kind, folder } = given[name];
    if (kind === "memory" && folder !== undefined) found.push(`${name}.folder is set, although ${name}.kind is memory`);
  }
  for (const name of ["blobs", "signingKeys", "encryptionKeys"] as const) {
    const { kind } = given[name];
    if (kind === "memory" && given.production) found.push(`${name}.kind is memory, although production is set`);
  }
  if (given.exportFileMinRecords + given.exportFilePaddingRange > given.exportFileMaxRecords) {
    found.push("exportFileMaxRecords is smaller than exportFileMinRecords with exportFilePaddingRange");
  }
  if (given.importLockTimeSeconds <= given.exportFileDownloadTimeoutSeconds) {
    found.push("importLockTimeSeconds is not longer than exportFileDownloadTimeoutSeconds");
  }
  if (given.drainSeconds !== undefined && given.drainSeconds >= given.stopWithinSeconds) {
    found.push("stopWithinSeconds is not longer than drainSeconds");
  }
  if (given.duties.includes("upload") && !given.duties.includes("public")) {
    found.push("duties has upload without public, whose listener takes uploads in");
  }
  if (given.production && given.allowGeneratedKeys) {
    found.push("allowGeneratedKeys is set, although production is set");
  }
  return [...found, ...samePorts(given)];
}

/** Only where the addresses are surely the same; otherwise the system says so. */
function samePorts(given: Input): string[] {
  const listeners = (["publicListener", "adminListener", "metricsListener"] as const).filter(
    (name) => given[name].port !== undefined && given[name].port !== 0,
  );
  return listeners.flatMap((name, at) =>
    listeners
      .slice(at + 1)
      .filter((other) => given[other].port === given[name].port && given[other].host === given[name].host)
      .map((other) => `${name}.port and ${other}.port are the same`),
  );
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

function embeddedInProduction(): CodedError<ConfigErrorCode> {
  return new CodedError(
    "embedded_in_production",
    "The embedded database survives a killed process but not a power cut, so it is refused while production is set",
    { remedy: "Set DATABASE_URL to a PostgreSQL database, or take the setting production away." },
  );
}
