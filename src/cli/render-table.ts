// Tables for people: aligned columns, numbers to the right.

import { stripVTControlCharacters, styleText } from "node:util";

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number;
}

/** One line for each row, below a line of titles if there are any. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const widths = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => visibleLength(shown(row[at])))),
  );
  const isNumeric = columns.map((_, at) => cells.every((row) => typeof row[at] === "number"));
  const line = (values: readonly (string | number)[]) =>
    values
      .map((value, at) => {
        const gap = " ".repeat((widths[at] ?? 0) - visibleLength(shown(value)));
        return isNumeric[at] ? gap + shown(value) : shown(value) + gap;
      })
      .join("  ")
      .trimEnd();
  const head = line(columns.map(({ title }) => title));
  return [...(head === "" ? [] : [styleText("bold", head)]), ...cells.map(line)].map((text) => `  ${text}\n`).join("");
}

function shown(value: string | number | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en") : (value ?? "");
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
