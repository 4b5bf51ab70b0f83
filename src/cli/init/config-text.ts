// The configuration file of a new data folder; one that is there already stays as it is.

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { SETTINGS } from "../../platform/config/list-settings.ts";
import { CONFIG_FILE, readConfigFile } from "../../platform/config/read-config-file.ts";
import { memberAt } from "../../platform/config/setting-paths.ts";
import type { InitErrorCode } from "./wanted-settings.ts";

/** What the folder's file holds; null where there is none yet. Throws `config_unreadable`. */
export function existingSettings(folder: string): unknown {
  try {
    return readConfigFile(folder);
  } catch (error) {
    if (codeOf(error) === "config_missing") return null;
    throw error;
  }
}

/** Throws `config_exists` where what is wanted is not what the file says. */
export function requireSame(existing: unknown, wanted: unknown, folder: string): void {
  const differing = SETTINGS.filter(({ path }) => {
    const value = memberAt(wanted, path);
    return value !== undefined && !isDeepStrictEqual(value, memberAt(existing, path));
  });
  if (differing.length === 0) return;
  const paths = differing.map(({ path }) => path).join(", ");
  throw new CodedError<InitErrorCode>(
    "config_exists",
    `${join(folder, CONFIG_FILE)} is there already, with another ${paths}`,
    {
      remedy: "Edit that file, or make another folder. What is in a folder stays as it is.",
    },
  );
}

/** A new file, with what is wanted and hints for more. */
export function configText(wanted: unknown): string {
  const isEmpty = Object.keys(Object(wanted)).length === 0;
  return `# The configuration of this server. Only what differs from the defaults stands here.
# Every setting: docs/operate/configuration.md. What is in force: enks serve --print-config
# The environment comes before this file, for example PORT, DATABASE_URL, LOG_LEVEL, ENKS_ADMIN_PORT.

${isEmpty ? "" : `${stringify(wanted)}\n`}${HINTS}`;
}

const HINTS = `# For production: PostgreSQL, which also survives a power cut. The address may stand in a file of its own.
# production: true
# database:
#   url: file:/run/secrets/database-url

# Where phones find the trees, if a CDN or a bucket stands in front:
# publicUrl: https://keys.example.org

# To be reached from other machines:
# publicListener:
#   host: 0.0.0.0
`;
