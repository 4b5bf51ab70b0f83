// Tables for people: aligned columns, numbers to the right.

import { stripVTControlCharacters, styleText } from "node:util";
import { plainText } from "./output/plain-text.ts";

export interface Column<Row> {
  readonly title: string;
  /** Styled or plain; a text of others belongs into a column that is `cut`. */
  readonly value: (row: Row) => string | number;
  /** Texts of any length and content: made harmless, and shortened where the screen is too narrow. */
  readonly cut?: boolean;
}

const INDENT = "  ";
const GAP = "  ";
/** Nothing is cut to less. */
const NARROWEST = 12;

/** One line for each row, below a line of titles if there are any; of at most `width` columns where that is possible. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Number.POSITIVE_INFINITY,
): string {
  const cells = rows.map((row) => columns.map((column) => cellOf(column, row)));
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => visibleLength(shown(row[at])))),
  );
  const widths = fitWidths(columns, natural, width - INDENT.length - GAP.length * (columns.length - 1));
  const isNumeric = columns.map((_, at) => cells.every((row) => typeof row[at] === "number"));
  const line = (values: readonly (string | number)[]) =>
    values
      .map((value, at) => {
        const most = widths[at] ?? 0;
        const text = columns[at]?.cut === true ? shorten(shown(value), most) : shown(value);
        const gap = " ".repeat(Math.max(0, most - visibleLength(text)));
        return isNumeric[at] ? gap + text : text + gap;
      })
      .join(GAP)
      .trimEnd();
  const head = line(columns.map(({ title }) => title));
  return [...(head === "" ? [] : [styleText("bold", head)]), ...cells.map(line)]
    .map((text) => `${INDENT}${text}\n`)
    .join("");
}

function cellOf<Row>({ value, cut }: Column<Row>, row: Row): string | number {
  const cell = value(row);
  return cut === true && typeof cell === "string" ? plainText(cell) : cell;
}

/** Takes from the widest column that may be cut until everything fits, or none can give more. */
function fitWidths<Row>(columns: readonly Column<Row>[], natural: readonly number[], room: number): number[] {
  const widths = [...natural];
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width, 0) - room;
    const widest = Math.max(...widths.filter((_, at) => columns[at]?.cut === true));
    if (excess <= 0 || widest <= NARROWEST) return widths;
    widths[widths.findIndex((width, at) => columns[at]?.cut === true && width === widest)] = widest - 1;
  }
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 1))}…`;
}

function shown(value: string | number | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en") : (value ?? "");
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
