// Draws what a terminal shows as an SVG that looks alike on a light and on a dark page.

import type { Cell } from "./terminal-screen.ts";

/** In pixels of the picture, which is as wide as a front page. */
const CELL = { width: 10.2, height: 22 };
const FONT_SIZE = 17;
const MARGIN = { side: 34, top: 62, bottom: 26 };
const COLUMNS = 80;

const TEXT = "#d5dce6";
const BRIGHT = "#ffffff";
const FAINT = "#8793a3";
const LINE = "#6fa8dc";
const COLOURS: Readonly<Record<number, string>> = { 31: "#ff7b72", 32: "#56d364", 33: "#e3b341", 36: "#76d1ff" };

/** From the middle of a cell: which sides a line character reaches, or where an arrow points. */
const SIDES: Readonly<Record<string, string>> = { "─": "ew", "│": "ns", "┌": "es", "┐": "ws", "└": "ne", "┘": "nw" };
const ARROWS: Readonly<Record<string, string>> = { "▶": "e", "◀": "w", "▲": "n", "▼": "s" };

export function drawTerminal(title: string, lines: readonly (readonly Cell[])[]): string {
  const width = Math.round(COLUMNS * CELL.width + 2 * MARGIN.side);
  const height = Math.round(MARGIN.top + lines.length * CELL.height + MARGIN.bottom);
  const spoken = lines.map((line) => line.map(({ character }) => character).join("")).join("\n");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<desc>${escapeText(spoken)}</desc>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="12" fill="#11161d" stroke="#3a4450"/>`,
    ...["#ff5f57", "#febc2e", "#28c840"].map(
      (fill, at) => `<circle cx="${26 + at * 22}" cy="25" r="6.5" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="${FONT_SIZE}" fill="${TEXT}" xml:space="preserve">`,
    `<text x="${width / 2}" y="31" text-anchor="middle" font-size="15" fill="${FAINT}">${escapeText(title)}</text>`,
    ...lines.flatMap((line, row) => [...drawRuns(line, row), ...drawLines(line, row)]),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Neighbours of one style together, each run at its own place and as wide as its cells, whatever font there is. */
function drawRuns(line: readonly Cell[], row: number): string[] {
  const y = round(MARGIN.top + row * CELL.height + FONT_SIZE - 1);
  return runsOf(line).map(({ column, text, attributes }) => {
    const length = round(text.length * CELL.width);
    return `<text x="${xOf(column)}" y="${y}" textLength="${length}"${attributes}>${escapeText(text)}</text>`;
  });
}

interface Run {
  readonly column: number;
  readonly text: string;
  readonly attributes: string;
}

/** Two spaces end a run, so that columns stay where they are. */
function runsOf(line: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  let open: Run | undefined;
  for (const [column, cell] of line.entries()) {
    const isGap = cell.character === " " && (line[column + 1]?.character ?? " ") === " ";
    const isDrawn = cell.character in SIDES || cell.character in ARROWS;
    const attributes = attributesOf(cell);
    if (open !== undefined && (isGap || isDrawn || open.attributes !== attributes)) {
      runs.push(open);
      open = undefined;
    }
    if (isGap || isDrawn || (open === undefined && cell.character === " ")) continue;
    open = { column: open?.column ?? column, text: (open?.text ?? "") + cell.character, attributes };
  }
  if (open !== undefined) runs.push(open);
  return runs.map((run) => ({ ...run, text: run.text.trimEnd() }));
}

function attributesOf({ bold, dim, colour }: Cell): string {
  const fill = (colour === null ? null : COLOURS[colour]) ?? (dim ? FAINT : bold ? BRIGHT : null);
  return `${fill === null ? "" : ` fill="${fill}"`}${bold ? ' font-weight="bold"' : ""}`;
}

/** Lines of the font would leave gaps between rows. */
function drawLines(line: readonly Cell[], row: number): string[] {
  const strokes: string[] = [];
  const heads: string[] = [];
  for (const [column, { character }] of line.entries()) {
    const [x, y] = [xOf(column) + CELL.width / 2, MARGIN.top + (row + 0.5) * CELL.height];
    const [dx, dy] = [CELL.width / 2, CELL.height / 2];
    const ends: Readonly<Record<string, string>> = {
      n: `${round(x)} ${round(y - dy)}`,
      s: `${round(x)} ${round(y + dy)}`,
      e: `${round(x + dx)} ${round(y)}`,
      w: `${round(x - dx)} ${round(y)}`,
    };
    for (const side of SIDES[character] ?? "") strokes.push(`M${round(x)} ${round(y)}L${ends[side] ?? ""}`);
    const way = ARROWS[character];
    if (way !== undefined) heads.push(drawHead(x, y, way));
  }
  return [
    ...(strokes.length > 0 ? [`<path d="${strokes.join("")}" stroke="${LINE}" stroke-width="1.6" fill="none"/>`] : []),
    ...(heads.length > 0 ? [`<path d="${heads.join("")}" fill="${LINE}"/>`] : []),
  ];
}

function drawHead(x: number, y: number, way: string): string {
  const [ux, uy] = { e: [1, 0], w: [-1, 0], n: [0, -1], s: [0, 1] }[way] ?? [1, 0];
  const point = (along: number, across: number) =>
    `${round(x + along * (ux ?? 0) + across * (uy ?? 0))} ${round(y + along * (uy ?? 0) + across * (ux ?? 0))}`;
  return `M${point(6, 0)}L${point(-5, 5)}L${point(-5, -5)}Z`;
}

function xOf(column: number): number {
  return round(MARGIN.side + column * CELL.width);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
