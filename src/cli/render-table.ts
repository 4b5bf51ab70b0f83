// Tables for people: aligned columns, numbers to the right; on a screen that is too narrow, a record for each row.

import { styleText } from "node:util";
import { cutText, visibleLength } from "./output/fit-line.ts";
import { plainText } from "./output/plain-text.ts";
import { renderRecord } from "./output/render-record.ts";

export interface Column<Row> {
  readonly title: string;
  /** Printed as text only, without effect on the terminal, unless the column is `styled`. */
  readonly value: (row: Row) => string | number;
  /** Prose of any length: shortened where the screen is too narrow. */
  readonly cut?: boolean;
  /** Names, lines and URLs that people copy: never shortened. */
  readonly whole?: boolean;
  /** Words of this program with styles in them: no text of others. */
  readonly styled?: boolean;
}

type Cell = string | number;

const INDENT = "  ";
const GAP = "  ";
/** Nothing is cut to less. */
const NARROWEST = 12;

/**
 * One line for each row, below a line of titles if there are any. Where that is wider than `width` columns, although
 * everything was cut that may be, each row becomes a record.
 */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Number.POSITIVE_INFINITY,
): string {
  const cells = rows.map((row) => columns.map((column) => cellOf(column, row)));
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...cells.map((row) => visibleLength(shown(row[at])))),
  );
  const room = width - INDENT.length - GAP.length * (columns.length - 1);
  const widths = fitWidths(columns, natural, room);
  const isTooWide = columns.length > 1 && widths.reduce((sum, one) => sum + one, 0) > room;
  return isTooWide && cells.length > 0 ? renderRecords(columns, cells, width) : renderLines(columns, cells, widths);
}

function renderRecords<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly Cell[])[],
  width: number,
): string {
  return cells
    .map((row) => columns.map(({ title, cut = false }, at) => ({ title, value: shown(row[at]), cut })))
    .map((values) => renderRecord(values, width))
    .join("");
}

function renderLines<Row>(
  columns: readonly Column<Row>[],
  cells: readonly (readonly Cell[])[],
  widths: readonly number[],
): string {
  const isNumeric = columns.map((_, at) => cells.every((row) => typeof row[at] === "number"));
  const line = (values: readonly Cell[]) =>
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

function cellOf<Row>({ value, styled }: Column<Row>, row: Row): Cell {
  const cell = value(row);
  return styled === true || typeof cell === "number" ? cell : plainText(cell);
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
  return text.length <= most ? text : `${cutText(text, most - 1)}…`;
}

function shown(value: Cell | undefined): string {
  return typeof value === "number" ? value.toLocaleString("en") : (value ?? "");
}
