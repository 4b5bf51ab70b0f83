// The configuration file `enks.yaml` of a data folder.

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { CodedError } from "../../core/coded-error.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { ConfigErrorCode } from "./config-error.ts";

export const CONFIG_FILE = "enks.yaml";

const MAX_BYTES = 1_048_576;

/**
 * What `<folder>/enks.yaml` holds, unchecked; an empty file is an empty configuration. Throws `config_missing` where the
 * folder or the file is missing, and `config_unreadable`, with the line but never with the text, which may hold secrets.
 */
export function readConfigFile(folder: string): unknown {
  return parseConfigText(readText(folder));
}

export function parseConfigText(text: string): unknown {
  // Without the text around an error, since that goes into messages.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, stringKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw new CodedError<ConfigErrorCode>(
      "config_unreadable",
      `${CONFIG_FILE}, line ${line}: ${describe(error.code)}`,
      {
        remedy: "Correct the line; settings are written as `name: value`.",
      },
    );
  }
  try {
    // By way of JSON, which has no cycles.
    const content: unknown = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 20 }) ?? {}, keepInfinite));
    return content;
  } catch (cause) {
    throw new CodedError<ConfigErrorCode>("config_unreadable", `${CONFIG_FILE} uses aliases that cannot be resolved`, {
      cause,
    });
  }
}

/** JSON makes null of numbers that it cannot write, and null means that nothing is set. */
function keepInfinite(_name: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function readText(folder: string): string {
  const file = join(folder, CONFIG_FILE);
  try {
    if (statSync(file).size > MAX_BYTES) throw new RangeError("it is too long");
    return readFileSync(file, "utf8");
  } catch (cause) {
    const systemCode = cause instanceof Error && "code" in cause ? cause.code : null;
    if (systemCode === "ENOENT" || systemCode === "ENOTDIR") {
      throw new CodedError<ConfigErrorCode>("config_missing", `there is no ${file}`, {
        remedy: `Make the data folder first: enks init ${shellWord(folder)}`,
        cause,
      });
    }
    throw new CodedError<ConfigErrorCode>(
      "config_unreadable",
      `${file} cannot be read: ${String(systemCode ?? cause)}`,
      {
        remedy: "Let the user who runs enks read the file.",
        cause,
      },
    );
  }
}

/** "DUPLICATE_KEY" in words. */
function describe(code: string): string {
  return code.toLowerCase().replaceAll("_", " ");
}
