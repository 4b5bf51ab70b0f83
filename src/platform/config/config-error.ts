// Failures of the configuration: their codes and their form.

import { CodedError } from "../../core/coded-error.ts";

export type ConfigErrorCode = "config_invalid" | "config_missing" | "config_unreadable" | "embedded_in_production";

/** So many are named at once. */
const MOST_NAMED = 10;

/** Problems are sentences without values, which may be secrets. */
export function invalidConfig(problems: readonly string[]): CodedError<ConfigErrorCode> {
  const named = problems.slice(0, MOST_NAMED).join("; ");
  const more = problems.length > MOST_NAMED ? `; and ${problems.length - MOST_NAMED} more` : "";
  return new CodedError("config_invalid", `The configuration is not usable: ${named}${more}.`, {
    remedy: "Correct it in enks.yaml or in the environment; docs/operate/configuration.md lists every setting.",
  });
}
