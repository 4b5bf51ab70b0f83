// Reads a migration plan from YAML, of which JSON is a part; what is missing, unknown or wrong is named with its line.

import { Compile } from "typebox/compile";
import { CodedError } from "../../core/coded-error.ts";
import { CHECKS } from "../../features/migration/checks/run-checks.ts";
import { type MigrationPlan, planForm } from "../../features/migration/plan-form.ts";
import { tellNames } from "../options/suggest-names.ts";
import { readText } from "../read-text.ts";
import { nameOfPlace, parseTree, type TreePath } from "../tree/tree-places.ts";

export type PlanErrorCode =
  /** The file is no plan: something is missing, unknown or not of its form. */
  "plan_invalid";

const LARGEST_PLAN = 256 * 1024;
const MOST_NAMED = 10;
const validator = Compile(planForm);

/** `-` is standard input. Throws `input_unreadable` and `plan_invalid`. */
export async function readPlanFile(file: string): Promise<MigrationPlan> {
  return readPlan(await readText(file, LARGEST_PLAN), file);
}

/** Throws `plan_invalid`, which names lines of `file`. */
export function readPlan(text: string, file: string): MigrationPlan {
  const { document, lineOf, lineOfOffset } = parseTree(text);
  const unread = document.errors.map(({ message, pos }) => ({ line: lineOfOffset(pos[0]), message }));
  if (unread.length > 0) throw invalid(unread, file);
  // By way of JSON, which has no cycles, instants or other values that no plan has.
  const plain: unknown = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 20 }) ?? {}));
  if (validator.Check(plain)) {
    const wrong = problemsOf(plain).map(({ path, message }) => ({ line: lineOf(path), message }));
    if (wrong.length > 0) throw invalid(wrong, file);
    return plain;
  }
  const problems = validator.Errors(plain).flatMap((error) =>
    placesOf(error).map((path) => ({
      line: lineOf(path),
      message: `${nameOfPlace(path) || "the file"} ${why(error)}`,
    })),
  );
  throw invalid(problems, file);
}

/** What no form can say. */
function problemsOf({ state, nation, waived = [] }: MigrationPlan): { path: TreePath; message: string }[] {
  const known = CHECKS.map(({ name }) => name);
  const names = new Set<string>();
  const places: [TreePath, string][] = [
    [["state", "client", "name"], state.client.name],
    ...(state.second === undefined ? [] : [[["state", "second", "name"], state.second.name] as [TreePath, string]]),
    ...nation.exports.map(({ name }, at): [TreePath, string] => [["nation", "exports", at, "name"], name]),
  ];
  const doubled = places.filter(([, name]) => names.has(name) || !names.add(name));
  const unknown = waived.map(({ check }, at) => ({ check, path: ["waived", at, "check"] }));
  return [
    ...doubled.map(([path, name]) => ({ path, message: `another tree is named "${name}" too` })),
    ...unknown
      .filter(({ check }) => !known.includes(check))
      .map(({ check, path }) => ({ path, message: `no check is named "${check}"; ${tellNames(check, known)}` })),
  ];
}

interface FormError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** Members that are missing or unknown are told at their own places. */
function placesOf({ keyword, instancePath, params }: FormError): TreePath[] {
  const path = instancePath
    .split("/")
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const names: unknown = Reflect.get(params, keyword === "required" ? "requiredProperties" : "additionalProperties");
  return Array.isArray(names) ? names.map((name) => [...path, String(name)]) : [path];
}

function why({ keyword, params, message }: FormError): string {
  if (keyword === "required") return "is missing";
  if (keyword === "additionalProperties") return "is not known";
  const allowed: unknown = Reflect.get(params, "allowedValues");
  if (Array.isArray(allowed)) return `must be one of ${allowed.join(", ")}`;
  return keyword === "boolean" ? "is not known" : message;
}

function invalid(problems: readonly { line: number; message: string }[], file: string): CodedError {
  const told = [...new Set(problems.map(({ line, message }) => `line ${line}: ${message}`))];
  const more = told.length > MOST_NAMED ? `\n  and ${told.length - MOST_NAMED} more` : "";
  return new CodedError<PlanErrorCode>(
    "plan_invalid",
    `${file} is no migration plan:\n  ${told.slice(0, MOST_NAMED).join("\n  ")}${more}`,
    { remedy: "docs/migrate/verify.md describes the file." },
  );
}
