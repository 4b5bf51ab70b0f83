// The configuration of a process: the file of its data folder, the environment over it, secrets fetched.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Config, fillIn, parseConfig } from "./config.ts";
import { invalidConfig } from "./config-error.ts";
import { SETTINGS } from "./list-settings.ts";
import { CONFIG_FILE, readConfigFile } from "./read-config-file.ts";
import { type Environment, readVariables } from "./read-variables.ts";
import { unreadVariables } from "./reference-names.ts";
import { memberAt, withMember } from "./setting-paths.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** What `config` was made from, defaults filled in; holds secrets. */
  readonly input: unknown;
  /** Where each setting that is no default comes from, by its path. */
  readonly origins: ReadonlyMap<string, string>;
  /** Variables of the reference server that are set and mean nothing here. */
  readonly unread: readonly string[];
}

/** Throws `config_missing`, `config_unreadable`, `config_invalid` and `embedded_in_production`. */
export function loadConfig(folder: string, environment: Environment): LoadedConfig {
  return mergeConfig(folder, readConfigFile(folder), environment);
}

/** As `loadConfig`, with the file's content given. */
export function mergeConfig(folder: string, file: unknown, environment: Environment): LoadedConfig {
  const { ENKS_DATA_FOLDER: _, ...rest } = environment;
  const { given, problems } = readVariables(rest);
  const origins = new Map<string, string>();
  if (memberAt(file, "dataFolder") !== undefined) problems.push("dataFolder is where the file lies, and not set in it");
  for (const { path } of SETTINGS) {
    const value = memberAt(file, path);
    if (value !== undefined && value !== null) origins.set(path, CONFIG_FILE);
  }
  let merged = withMember(file, "dataFolder", folder);
  for (const { setting, value, origin } of given) {
    merged = withMember(merged, setting.path, value);
    origins.set(setting.path, origin);
  }
  merged = withSecrets(merged, folder, problems);
  if (problems.length > 0) throw invalidConfig([...problems]);
  return { config: parseConfig(merged), input: fillIn(merged), origins, unread: unreadVariables(rest) };
}

/** Puts what a file holds in the place of a reference `file:<path>`, a path from the data folder; only of secrets. */
function withSecrets(input: unknown, folder: string, problems: string[]): unknown {
  let fetched = input;
  for (const { path } of SETTINGS.filter(({ isSecret }) => isSecret)) {
    const value = memberAt(fetched, path);
    if (typeof value !== "string" || !value.startsWith("file:")) continue;
    const file = resolve(folder, value.slice("file:".length));
    try {
      fetched = withMember(fetched, path, readFileSync(file, "utf8").replace(/\r?\n$/, ""));
    } catch {
      problems.push(`${path} is to be read from ${file}, which cannot be read`);
    }
  }
  return fetched;
}
