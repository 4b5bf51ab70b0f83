// What differs between two values, a line for each field: red what was there, green what is.

import { styleText } from "node:util";
import { plainText } from "./plain-text.ts";

export interface FieldChange {
  /** "seals.0.keyId"; empty for the whole. */
  readonly field: string;
  /** Undefined where there is none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** In the order of the fields; values that are equal as JSON do not differ. */
export function compareFields(before: unknown, after: unknown, field = ""): FieldChange[] {
  // What was made or deleted is told field by field, as what was changed is.
  if (isMap(before) && after === undefined) return compareFields(before, {}, field);
  if (before === undefined && isMap(after)) return compareFields({}, after, field);
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, before, after }];
  }
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) =>
    compareFields(before[name], after[name], field === "" ? name : `${field}.${name}`),
  );
}

export function renderChanges(before: unknown, after: unknown): string {
  return compareFields(before ?? undefined, after ?? undefined)
    .map((change) => renderFieldChange(change))
    .join("");
}

/** Values are told whole: people copy them. */
export function renderFieldChange({ field, before, after }: FieldChange): string {
  const label = field === "" ? "" : `${plainText(field)}: `;
  const lines = [
    ...(before === undefined ? [] : linesOf("-", label, before).map((line) => styleText("red", line))),
    ...(after === undefined ? [] : linesOf("+", label, after).map((line) => styleText("green", line))),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** A text of several lines, such as a PEM, has them below its label. */
function linesOf(sign: string, label: string, value: unknown): string[] {
  if (typeof value !== "string" || !value.trimEnd().includes("\n")) {
    return [`    ${sign} ${label}${plainText(JSON.stringify(value) ?? "")}`];
  }
  return [
    `    ${sign} ${label}`.trimEnd(),
    ...value
      .trimEnd()
      .split("\n")
      .map((line) => `      ${plainText(line)}`),
  ];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return isTree(value) && !Array.isArray(value);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
