// A migration and its journal for people.

import { styleText } from "node:util";
import { isoTime } from "../../core/clock.ts";
import type { JournalBody, MigrationBody } from "../../features/migration/admin-schemas.ts";
import { MIGRATION_STATES } from "../../features/migration/migration-types.ts";
import { plainText } from "../output/plain-text.ts";
import { renderFields } from "../output/render-fields.ts";
import { wrapText } from "../output/wrap-text.ts";
import { type Column, renderTable } from "../render-table.ts";

const USUAL_COLUMNS = 80;

/** The way with the place on it, what the next state needs, and the steps to it. Ends with LF. */
export function renderMigration(body: MigrationBody, width: number): string {
  const { name, role, state, stateSince, next, needs, nextSteps, planDigest, journalHead } = body;
  const fields = renderFields(
    [
      ["migration", name],
      ["this server", role],
      ["since", stateSince],
      ["plan", planDigest],
      ["journal", `${journalHead.seq} ${journalHead.digest}`],
    ],
    width,
  );
  const needed = needs.map(
    ({ kind, outcome, says }) => `  ${outcome === "met" ? "✓" : "✗"}  ${kind}: ${plainText(says)}\n`,
  );
  const steps = nextSteps.map(({ who, says, command }, at) => {
    const told = wrapText(`${who}: ${says}`, Math.min(width, USUAL_COLUMNS), `  ${at + 1}. `);
    // Whole, so that it can be copied.
    return command === null ? told : `${told}     ${plainText(command)}\n`;
  });
  return [
    `\n  ${drawWay(state)}\n\n`,
    fields,
    next === null ? "" : `\n${styleText("bold", `For "${next}"`)}\n${needed.join("")}`,
    steps.length === 0 ? "" : `\n${styleText("bold", "Next steps")}\n${steps.join("")}`,
  ].join("");
}

function drawWay(state: MigrationBody["state"]): string {
  if (state === "cancelled") return "cancelled";
  return MIGRATION_STATES.filter((one) => one !== "cancelled")
    .map((one) => (one === state ? styleText("bold", `[${one}]`) : one))
    .join(" -> ");
}

type Entry = JournalBody["entries"][number];

const COLUMNS: readonly Column<Entry>[] = [
  { title: "entry", value: ({ seq }) => seq },
  { title: "at", value: ({ at }) => isoTime(at) },
  { title: "who", value: ({ principal }) => principal, whole: true },
  { title: "what", value: ({ kind }) => kind },
  { title: "detail", value: ({ detail }) => detail, cut: true },
  { title: "digest", value: ({ digest }) => digest },
];

export function renderJournal(entries: JournalBody["entries"], width: number): string {
  return renderTable(COLUMNS, entries, width);
}
