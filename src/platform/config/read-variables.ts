// Settings that the environment sets, in the form that the schema checks.

import { CLIENT_VARIABLES } from "./client-variables.ts";
import { SETTINGS, type Setting } from "./list-settings.ts";
import { nearestName } from "./nearest-name.ts";
import { parseDuration } from "./parse-duration.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting from outside. */
export interface GivenValue {
  readonly setting: Setting;
  readonly value: unknown;
  /** Which variable, or which file. */
  readonly origin: string;
}

const FILE_ENDING = "_FILE";

/**
 * The settings in `environment`, and what is wrong there, as sentences without values. An empty variable counts as unset.
 * A secret may also be named by a variable that ends in `_FILE`: it comes as the reference `file:<path>`.
 */
export function readVariables(environment: Environment): { given: GivenValue[]; problems: string[] } {
  const given: GivenValue[] = [];
  const problems = unknownVariables(environment);
  for (const setting of SETTINGS) {
    const found = setting.environment.flatMap((name) => textsOf(environment, setting, name));
    const [first, second] = found;
    if (first === undefined) continue;
    if (second !== undefined) problems.push(`${first.origin} and ${second.origin} set the same`);
    const value = parseText(setting, first.text);
    if (value === undefined) problems.push(`${first.origin} must be ${wantedForm(setting)}`);
    else given.push({ setting, value, origin: first.origin });
  }
  return { given, problems };
}

function textsOf(environment: Environment, { isSecret }: Setting, name: string): { text: string; origin: string }[] {
  const texts: { text: string; origin: string }[] = [];
  const text = environment[name] ?? "";
  if (text !== "") texts.push({ text, origin: name });
  const file = isSecret ? (environment[name + FILE_ENDING] ?? "") : "";
  if (file !== "") texts.push({ text: `file:${file}`, origin: name + FILE_ENDING });
  return texts;
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set(SETTINGS.flatMap(({ environment: names }) => names).filter((name) => name.startsWith("ENKS_")));
  const set = Object.keys(environment).filter((name) => name.startsWith("ENKS_") && environment[name] !== undefined);
  return set
    .filter((name) => !known.has(name) && !CLIENT_VARIABLES.has(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      return `the variable ${name} is not known${nearest === null ? "" : `; did you mean ${nearest}?`}`;
    });
}

/** The value, or undefined where the text has not the setting's form. Whether it is in range is the schema's business. */
function parseText(setting: Setting, text: string): unknown {
  switch (setting.form) {
    case "integer":
      return setting.unit === "seconds" ? (parseDuration(text) ?? undefined) : parseNumber(text, /^-?\d{1,15}$/);
    case "number":
      return parseNumber(text, /^\d+(\.\d+)?$/);
    case "boolean":
      return parseBoolean(text);
    case "list":
      return text.split(",").map((item) => item.trim());
    case "periods":
      return parsePeriods(text);
    case "text":
    default:
      return setting.words === null ? text : parseWord(setting, text);
  }
}

function wantedForm(setting: Setting): string {
  const { form, unit, words, otherValues } = setting;
  if (unit === "seconds" && form === "integer") return "a duration such as 90s, 5m or 336h";
  if (form === "periods") return "a list such as export=5s,import-archives=1m";
  if (form === "boolean") return "true or false";
  if (words !== null) return `one of ${[...words, ...otherValues.keys()].join(", ")}`;
  if (form === "list") return "a list with commas between its items";
  return form === "integer" ? "a whole number" : `a ${form}`;
}

function parseNumber(text: string, form: RegExp): number | undefined {
  return form.test(text) ? Number(text) : undefined;
}

/** The words that the reference server takes. */
function parseBoolean(text: string): boolean | undefined {
  if (/^(1|t|true)$/i.test(text)) return true;
  return /^(0|f|false)$/i.test(text) ? false : undefined;
}

function parseWord({ words, otherValues }: Setting, text: string): string | undefined {
  return words?.find((word) => word === text.toLowerCase()) ?? otherValues.get(text.toUpperCase());
}

function parsePeriods(text: string): Record<string, number> | undefined {
  const periods: [string, number][] = [];
  for (const part of text.split(",")) {
    const [, name = "", duration = ""] = /^\s*([a-z0-9-]+)=(\S+)\s*$/.exec(part) ?? [];
    const seconds = parseDuration(duration);
    if (seconds === null) return undefined;
    periods.push([name, seconds]);
  }
  return Object.fromEntries(periods);
}
