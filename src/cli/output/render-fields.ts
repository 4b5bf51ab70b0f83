// One thing for people: its fields below each other, and tables of what belongs to it.

import { styleText } from "node:util";
import { type Column, renderTable } from "../render-table.ts";
import { plainText } from "./plain-text.ts";

export type Field = readonly [label: string, value: string | number | boolean | null];

const LONG_INDENT = "    ";

/** A value that does not fit beside its label has a line of its own, whole. */
export function renderFields(fields: readonly Field[], width = Number.POSITIVE_INFINITY): string {
  const widest = Math.max(...fields.map(([label]) => label.length));
  return fields
    .map(([label, value]) => {
      const text = renderValue(value);
      const line = `  ${label.padEnd(widest)}  ${text}`;
      return line.length <= width ? `${line}\n` : `  ${label}\n${LONG_INDENT}${text}\n`;
    })
    .join("");
}

function renderValue(value: Field[1]): string {
  if (value === null || value === "") return "-";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString("en") : plainText(value);
}

/** A titled table that fits `width`; nothing when it has no rows. */
export function renderSection<Row>(
  title: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Number.POSITIVE_INFINITY,
): string {
  return rows.length === 0 ? "" : `\n${styleText("bold", title)}\n${renderTable(columns, rows, width)}`;
}
