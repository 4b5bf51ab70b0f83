// One row of a table that a narrow screen has no room for: a heading, and the other values in lines below it.

import { styleText } from "node:util";
import { fitLine, visibleLength } from "./fit-line.ts";

export interface NamedValue {
  /** "" for a value that explains itself: it belongs into the heading. */
  readonly title: string;
  readonly value: string;
  /** May be shortened where it does not fit into a line of its own. */
  readonly cut: boolean;
}

const HEADING_INDENT = "  ";
const HEADING_GAP = "  ";
const INDENT = "    ";
const GAP = "   ";

/**
 * The heading is the first value, and what has no title. Values that say nothing, "-" and "", are left out; one that fits
 * into no line has its own, to be copied from there.
 */
export function renderRecord(values: readonly NamedValue[], width: number): string {
  const isHeading = ({ title }: NamedValue, at: number) => at === 0 || title === "";
  const heading = values.filter(isHeading).map(({ value }) => value);
  const others = values.filter((one, at) => !isHeading(one, at));
  return [HEADING_INDENT + heading.filter((value) => value !== "").join(HEADING_GAP), ...linesOf(others, width)]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function linesOf(values: readonly NamedValue[], width: number): string[] {
  const lines: string[] = [];
  const room = width - INDENT.length;
  let line = "";
  for (const { title, value, cut } of values) {
    if (value === "" || value === "-") continue;
    const label = styleText("dim", `${title}:`);
    const text = `${label} ${value}`;
    const joined = line === "" ? text : `${line}${GAP}${text}`;
    if (visibleLength(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = visibleLength(text) <= room ? text : "";
    if (line === "") lines.push(label, cut ? fitLine(value, room) : value);
  }
  return [...lines, ...(line === "" ? [] : [line])].map((one) => INDENT + one);
}
