// What differs between two values, a line for each field: red what was there, green what is.

import { styleText } from "node:util";
import { plainText } from "./plain-text.ts";

const LONGEST_VALUE = 100;

export interface FieldChange {
  /** "seals.0.keyId"; empty for the whole. */
  readonly field: string;
  /** Undefined where there is none. */
  readonly before: unknown;
  readonly after: unknown;
}

/** In the order of the fields; values that are equal as JSON do not differ. */
export function compareFields(before: unknown, after: unknown, field = ""): FieldChange[] {
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

export function renderFieldChange({ field, before, after }: FieldChange): string {
  const label = field === "" ? "" : `${plainText(field)}: `;
  const lines = [
    ...(before === undefined ? [] : [styleText("red", `    - ${label}${valueText(before)}`)]),
    ...(after === undefined ? [] : [styleText("green", `    + ${label}${valueText(after)}`)]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function valueText(value: unknown): string {
  const text = plainText(JSON.stringify(value) ?? "");
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
