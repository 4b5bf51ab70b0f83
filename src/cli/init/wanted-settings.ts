// What `enks init` is asked to write, as settings.

import { CodedError } from "../../core/coded-error.ts";
import { parseConfigText } from "../../platform/config/read-config-file.ts";
import { withMember } from "../../platform/config/setting-paths.ts";

export type InitErrorCode =
  | "init_options_invalid"
  /** There is a configuration already, and it says something else. */
  | "config_exists"
  | "data_folder_unusable"
  /** A signal ended it; what it had made is removed again. */
  | "init_interrupted";

export interface InitFlags {
  readonly name?: string;
  readonly publicPort?: string;
  readonly adminPort?: string;
  readonly databaseUrl?: string;
  readonly set: readonly string[];
}

/** As nested settings; whether they are good is the schema's business. Throws `init_options_invalid`. */
export function wantedSettings(flags: InitFlags): unknown {
  const { name, publicPort, adminPort, databaseUrl } = flags;
  const own: readonly (readonly [string, unknown])[] = [
    ["name", name],
    ["publicListener.port", publicPort === undefined ? undefined : portFrom(publicPort)],
    ["adminListener.port", adminPort === undefined ? undefined : portFrom(adminPort)],
    ["database.url", databaseUrl],
    ...flags.set.map(settingFrom),
  ];
  return own
    .filter(([, value]) => value !== undefined)
    .reduce<unknown>((settings, [path, value]) => withMember(settings, path, value), {});
}

function portFrom(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw invalid("a port is a number from 0 to 65535");
}

/** `path=value`, the value as YAML: a number, true, a word, [a, b]. */
function settingFrom(text: string): [string, unknown] {
  const [, path = "", value = ""] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
  if (path === "") throw invalid("--set takes name=value, such as exportFileMinRecords=0");
  return [path, Reflect.get(Object(parseConfigText(`value: ${value}`)), "value")];
}

function invalid(message: string): CodedError {
  return new CodedError<InitErrorCode>("init_options_invalid", message);
}
