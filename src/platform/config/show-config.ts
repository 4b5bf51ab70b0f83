// The effective configuration for people, without secrets.

import { SETTINGS } from "./list-settings.ts";
import type { LoadedConfig } from "./load-config.ts";
import { memberAt } from "./setting-paths.ts";

export interface ShownSetting {
  readonly path: string;
  readonly value: string | number | boolean;
  /** A variable, `enks.yaml`, or "default". */
  readonly origin: string;
}

/** Every setting that has a value, given or by default. */
export function showSettings({ config, input, origins }: LoadedConfig): ShownSetting[] {
  return SETTINGS.flatMap(({ path, isSecret }) => {
    const value = memberAt(config, path) ?? memberAt(input, path);
    if (value === undefined || value === null) return [];
    return [
      { path, value: isSecret ? hideSecret(path, value) : shownValue(value), origin: origins.get(path) ?? "default" },
    ];
  });
}

/** As lines of YAML that set the same again, but for the secrets. */
export function renderSettings(settings: readonly ShownSetting[]): string {
  const lines: string[] = [];
  let parent = "";
  for (const { path, value, origin } of settings) {
    const [first = "", second] = path.split(".");
    // Not set in the file, and so not in its form.
    if (path === "dataFolder") {
      lines.push(`# ${path}: ${String(value)} (${origin})`);
      continue;
    }
    if (second !== undefined && first !== parent) lines.push(`${first}:`);
    parent = first;
    const text = typeof value === "string" ? quoteText(value) : String(value);
    lines.push(`${second === undefined ? first : `  ${second}`}: ${text} # ${origin}`);
  }
  return `${lines.join("\n")}\n`;
}

function shownValue(value: unknown): string | number | boolean {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return JSON.stringify(value);
}

/** An address without its password and query; of anything else nothing. */
function hideSecret(path: string, value: unknown): string {
  if (path !== "database.url" || typeof value !== "string" || !URL.canParse(value)) return "(secret)";
  const { protocol, username, host, pathname } = new URL(value);
  return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

/** Lists and periods are YAML as they are. */
function quoteText(value: string): string {
  return /^[[{]/.test(value) || /^[a-z][\w./-]*$/i.test(value) ? value : JSON.stringify(value);
}
