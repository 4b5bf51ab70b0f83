// One thing for people: its fields below each other, and tables of what belongs to it.

import { styleText } from "node:util";
import { type Column, renderTable } from "../render-table.ts";
import { plainText } from "./plain-text.ts";

export type Field = readonly [label: string, value: string | number | boolean | null];

export function renderFields(fields: readonly Field[]): string {
  const widest = Math.max(...fields.map(([label]) => label.length));
  return fields.map(([label, value]) => `  ${label.padEnd(widest)}  ${renderValue(value)}\n`).join("");
}

function renderValue(value: Field[1]): string {
  if (value === null || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString("en") : plainText(value);
}

/** A titled table that fits `width`, which is undefined where there is no screen; nothing when it has no rows. */
export function renderSection<Row>(
  title: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
): string {
  return rows.length === 0 ? "" : `\n${styleText("bold", title)}\n${renderTable(columns, rows, width)}`;
}
