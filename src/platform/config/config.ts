// The typed configuration, made from unchecked input.

import { join } from "node:path";
import type { Static } from "typebox";
import { Value } from "typebox/value";
import { CodedError } from "../../core/coded-error.ts";
import { findProblem } from "./config-problem.ts";
import { configSchema } from "./config-schema.ts";

export type ConfigErrorCode = "config_invalid";

type Input = Readonly<Static<typeof configSchema>>;
type WithFolder<Backend> = Backend extends { folder?: string }
  ? Readonly<Omit<Backend, "folder">> & { readonly folder: string }
  : Readonly<Backend>;

/** The settings with defaults filled in; a backend on files has its folder, by default one inside `dataFolder`. */
export interface Config extends Omit<Input, "database" | "blobs" | "signingKeys"> {
  readonly database: WithFolder<Input["database"]>;
  readonly blobs: WithFolder<Input["blobs"]>;
  readonly signingKeys: WithFolder<Input["signingKeys"]>;
}

/**
 * Checks `input` against the schema and fills in defaults. Throws `config_invalid` with the path of the first setting that
 * is unknown, of the wrong form or in contradiction to another; values never appear in the message, they may be secrets.
 */
export function parseConfig(input: unknown): Config {
  const filled = Value.Default(configSchema, Value.Clone(input));
  if (!Value.Check(configSchema, filled)) throw invalid(findProblem(filled));
  if (filled.exportFileMinRecords + filled.exportFilePaddingRange > filled.exportFileMaxRecords) {
    throw invalid("exportFileMaxRecords is smaller than exportFileMinRecords with exportFilePaddingRange");
  }
  const { database, blobs, signingKeys } = filled;
  return {
    ...filled,
    database: database.kind === "embedded" ? { folder: join(filled.dataFolder, "database"), ...database } : database,
    blobs: blobs.kind === "filesystem" ? { folder: join(filled.dataFolder, "objects"), ...blobs } : blobs,
    signingKeys:
      signingKeys.kind === "filesystem"
        ? { folder: join(filled.dataFolder, "signing-keys"), ...signingKeys }
        : signingKeys,
  };
}

function invalid(problem: string): CodedError<ConfigErrorCode> {
  return new CodedError("config_invalid", `The configuration is not usable: ${problem}.`);
}
