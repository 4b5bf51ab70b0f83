// A known defect and what noticed it, for people.

import { styleText } from "node:util";
import { isoTime } from "../../core/clock.ts";
import type { Break } from "../../simulation/breaks/break.ts";
import type { FoundViolation } from "../../simulation/invariants/find-violations.ts";
import { renderTable } from "../render-table.ts";

export function renderBreaks(breaks: readonly Break[], width?: number): string {
  return renderTable(
    [
      { title: "name", value: (row) => row.name },
      { title: "caught by", value: (row) => row.caughtBy },
      { title: "source", value: (row) => row.source },
      { title: "defect", value: (row) => row.defect, cut: true },
    ],
    breaks,
    width,
  );
}

export function renderBreak({ name, defect, source, caughtBy }: Break, found: readonly FoundViolation[]): string {
  const lines = found.map(({ invariant: { id, rule, experience }, violation: { at, where, witness, what } }) => {
    const mark = id === caughtBy ? styleText("red", "✗") : styleText("dim", "✗");
    return (
      `  ${mark} ${id} ${rule}\n      ${isoTime(at)}  ${where}: ${what} (${witness})\n` +
      `      what a phone sees: ${experience}\n`
    );
  });
  const isCaught = found.some(({ invariant }) => invariant.id === caughtBy);
  const verdict = isCaught ? `${caughtBy} notices it.` : `${caughtBy} should notice it, and does not.`;
  return `\n${styleText("bold", name)}: ${defect} (${source})\n\n${lines.join("")}\n  ${verdict}\n\n`;
}
