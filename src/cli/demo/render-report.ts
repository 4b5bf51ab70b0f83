// The closing table of a demo, for people.

import { styleText } from "node:util";
import { HOUR, MINUTE } from "../../core/clock.ts";
import type { DemoReport } from "../../simulation/demo/demo-types.ts";
import type { Verdict } from "../../simulation/demo/judge-world.ts";
import { renderTable } from "../render-table.ts";
import { renderPhones } from "./render-phones.ts";

/** How many examples of one trouble a person wants to see. */
const NAMED = 3;

export function renderReport(report: DemoReport): string {
  const parts = [
    styleText("bold", `\nThe keys, ${report.startsAt} to ${report.endsAt} (seed ${report.seed})\n`),
    renderTable(
      [
        { title: "", value: (row) => row.what },
        { title: "keys", value: (row) => row.keys },
        { title: "revised", value: (row) => row.revised?.toLocaleString("en") ?? "" },
        { title: "", value: (row) => row.note },
      ],
      report.keys,
    ),
    renderPhones(report),
    ...refusedArchives(report),
    styleText("bold", "\nThe verdicts\n"),
    renderTable(
      [
        { title: "", value: (verdict) => (verdict.good ? styleText("green", "✓") : styleText("red", "✗")) },
        { title: "", value: (verdict) => verdict.name },
        { title: "", value: (verdict) => valueOf(verdict) },
        { title: "", value: (verdict) => limitOf(verdict) },
      ],
      report.verdicts,
    ),
    ...troubles(report),
  ];
  return parts.join("");
}

function refusedArchives({ archivesRefusedByImport }: DemoReport): string[] {
  if (archivesRefusedByImport.length === 0) return [];
  return [
    styleText("bold", "\nRefused by the import\n"),
    renderTable(
      [
        { title: "archive", value: (archive) => archive.line },
        { title: "reason", value: (archive) => archive.reason },
      ],
      archivesRefusedByImport,
    ),
  ];
}

/** The first few of each kind, each with the first few phones that have it; the report file has more. */
function troubles({ phones }: DemoReport): string[] {
  const met = phones.flatMap(({ name, troubles: own }) => own.map((trouble) => ({ trouble, name })));
  const byTrouble = [...Map.groupBy(met, ({ trouble }) => trouble)];
  const byKind = Map.groupBy(byTrouble, ([trouble]) => trouble.slice(0, trouble.indexOf(" ")));
  const lines = [...byKind.values()].flatMap((alike) =>
    alike.slice(0, NAMED).map(([trouble, who]) => `  ${trouble}: ${namesOf(who.map(({ name }) => name))}\n`),
  );
  return lines.length === 0 ? [] : [styleText("bold", "\nWhat is wrong, for example\n"), ...lines];
}

function namesOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function valueOf({ value, unit }: Verdict): string {
  return unit === "seconds" ? duration(value) : value.toLocaleString("en");
}

function limitOf({ limit, unit }: Verdict): string {
  if (limit === null || limit === 0) return "";
  return `at most ${unit === "seconds" ? duration(limit) : limit.toLocaleString("en")}`;
}

function duration(seconds: number): string {
  const hours = Math.floor(seconds / HOUR);
  return `${hours} h ${String(Math.floor((seconds % HOUR) / MINUTE)).padStart(2, "0")} min`;
}
