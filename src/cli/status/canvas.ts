// Characters on a grid: boxes, and lines that join where they meet.

import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** Which sides of its cell a line reaches. */
const NORTH = 1;
const EAST = 2;
const SOUTH = 4;
const WEST = 8;
/** By the sum of the sides. */
const LINES = " ╵╶└╷│┌├╴┘─┴┐┤┬┼";

/** A line that crosses another one goes over it. */
const OVER = "─";

interface Cell {
  sides: number;
  /** Lines of one net join where they meet. */
  net: string | null;
  isCrossing: boolean;
  text: string | null;
  style: Style | null;
}

export class Canvas {
  readonly #rows: Cell[][] = [];

  #cell(x: number, y: number): Cell {
    const row = (this.#rows[y] ??= []);
    while (row.length <= x) row.push(emptyCell());
    return row[x] ?? emptyCell();
  }

  #reach(x: number, y: number, sides: number, net: string): void {
    const cell = this.#cell(x, y);
    cell.isCrossing ||= cell.net !== null && cell.net !== net;
    cell.sides |= sides;
    cell.net = net;
  }

  write(x: number, y: number, text: string, style: Style | null = null): void {
    for (let at = 0; at < text.length; at++) Object.assign(this.#cell(x + at, y), { text: text[at], style });
  }

  /** From one end to the other, both included; the ends reach no further than the line. */
  horizontal(net: string, fromX: number, toX: number, y: number): void {
    const [left, right] = [Math.min(fromX, toX), Math.max(fromX, toX)];
    for (let x = left; x <= right; x++) {
      this.#reach(x, y, (x > left ? WEST : 0) | (x < right ? EAST : 0), net);
    }
  }

  vertical(net: string, x: number, fromY: number, toY: number): void {
    const [top, bottom] = [Math.min(fromY, toY), Math.max(fromY, toY)];
    for (let y = top; y <= bottom; y++) {
      this.#reach(x, y, (y > top ? NORTH : 0) | (y < bottom ? SOUTH : 0), net);
    }
  }

  /** Lines without spaces at their ends. */
  lines(): string[] {
    // A row that nothing was written to is a hole in the array.
    return Array.from(this.#rows, (row: readonly Cell[] | undefined) => lineFrom(row ?? []));
  }
}

function lineFrom(row: readonly Cell[]): string {
  const end = row.findLastIndex((cell) => characterOf(cell) !== " ");
  let line = "";
  for (let at = 0; at <= end; ) {
    const style = row[at]?.style ?? null;
    const next = row.findIndex((cell, index) => index > at && cell.style !== style);
    const until = next < 0 || next > end ? end + 1 : next;
    const text = row.slice(at, until).map(characterOf).join("");
    line += style === null ? text : styleText(style, text);
    at = until;
  }
  return line;
}

function emptyCell(): Cell {
  return { sides: 0, net: null, isCrossing: false, text: null, style: null };
}

function characterOf({ text, sides, isCrossing }: Cell): string {
  return text ?? (isCrossing ? OVER : (LINES[sides] ?? " "));
}
