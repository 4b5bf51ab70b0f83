// docs/audit/invariants.md, made from the invariants and the breaks.

import { BREAKS } from "../src/simulation/breaks/breaks.ts";
import { ALL_INVARIANTS } from "../src/simulation/invariants/all-invariants.ts";

export function renderInvariantsDoc(): string {
  const rows = ALL_INVARIANTS.map(({ id, rule, experience }) => [
    id,
    rule,
    experience,
    BREAKS.filter(({ caughtBy }) => caughtBy === id)
      .map(({ name }) => `\`${name}\``)
      .join(", "),
  ]);
  const breaks = BREAKS.map(({ name, defect, source, caughtBy }) => [`\`${name}\``, defect, source, caughtBy]);
  return `${INTRODUCTION}
${renderTable(["invariant", "rule", "what a phone experiences otherwise", "breaks that it catches"], rows)}
## Breaks

${BREAKS_INTRODUCTION}
${renderTable(["break", "defect", "known from", "caught by"], breaks)}`;
}

const INTRODUCTION = `# Invariants

<!-- Made by scripts/write-invariants-doc.ts from src/simulation; a test compares. -->

What must be true of published trees and of phones at every moment. Each is one function over what was observed of a world
(\`src/simulation/invariants\`), so that it judges this server, a test double, or the trees of any other server alike.
I1 to I27 are the invariants of DB 7.1; those with O are about what the 27 do not see.
`;

const BREAKS_INTRODUCTION = `Known defects, each of which can be switched on in a test double of a set of servers: \`npm run simulate -- --break NAME\`.
The double lives through a migration of twenty days; without a defect it breaks no invariant. A test runs every break and
requires that the invariant named here notices it. Others may notice it as well.
`;

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [renderRow(head), renderRow(head.map(() => "---")), ...rows.map(renderRow)].join("");
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}
