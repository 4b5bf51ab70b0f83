// The end of a demo, for people: the verdicts, what is wrong, and in one sentence how it went.

import { styleText } from "node:util";
import { HOUR, MINUTE } from "../../core/clock.ts";
import type { DemoReport } from "../../simulation/demo/demo-types.ts";
import type { Verdict } from "../../simulation/demo/judge-world.ts";
import { plainText } from "../output/plain-text.ts";
import { wrapText } from "../output/wrap-text.ts";
import { renderTable } from "../render-table.ts";
import { describeOutcome } from "./describe-outcome.ts";

/** How many examples of one trouble a person wants to see. */
const NAMED = 3;

export interface ReportStyle {
  readonly width: number;
  /** Everything, instead of examples. */
  readonly isDetailed: boolean;
}

export function renderSummary(report: DemoReport, { width, isDetailed }: ReportStyle): string {
  const [outcome, ...besides] = describeOutcome(report);
  const widest = Math.max(...report.verdicts.map((one) => valueOf(one).length));
  const sentence = wrapText(outcome, width);
  return [
    styleText("bold", "\nDid it go well?\n\n"),
    renderTable(
      [
        { title: "", value: ({ good }) => (good ? styleText("green", "✓") : styleText("red", "✗")), styled: true },
        { title: "", value: ({ name }) => name },
        { title: "", value: (verdict) => valueOf(verdict).padStart(widest) },
        { title: "", value: limitOf },
      ],
      report.verdicts,
      width,
    ),
    ...refusedArchives(report, width, isDetailed),
    ...troubles(report, width),
    `\n${sentence.replace(/.+/g, (line) => styleText(report.good ? ["bold", "green"] : ["bold", "red"], line))}`,
    ...besides.map((text) => wrapText(text, width)),
  ].join("");
}

/** A line for each archive; where they are many, for the first of each reason. */
function refusedArchives({ archivesRefusedByImport }: DemoReport, width: number, isDetailed: boolean): string[] {
  if (archivesRefusedByImport.length === 0) return [];
  const byReason = [...Map.groupBy(archivesRefusedByImport, ({ reason }) => reason)];
  const lines = byReason.flatMap(([reason, archives]) => {
    const told = isDetailed ? archives : archives.slice(0, NAMED);
    const more = archives.length - told.length;
    return [
      ...told.map(({ line }) => wrapText(`${plainText(line)}: ${reason}`, width)),
      ...(more > 0 ? [wrapText(`and ${more.toLocaleString("en")} more: ${reason} (--details)`, width)] : []),
    ];
  });
  return [styleText("bold", "\nRefused by the import\n\n"), ...lines];
}

/** The first few of each kind, each with the first few phones that have it; the report file has more. */
function troubles({ phones }: DemoReport, width: number): string[] {
  const met = phones.flatMap(({ name, troubles: own }) => own.map((trouble) => ({ trouble, name })));
  const byTrouble = [...Map.groupBy(met, ({ trouble }) => trouble)];
  const byKind = Map.groupBy(byTrouble, ([trouble]) => trouble.slice(0, trouble.indexOf(" ")));
  const lines = [...byKind.values()].flatMap((alike) =>
    alike
      .slice(0, NAMED)
      .map(([trouble, who]) => wrapText(`${trouble}: ${namesOf(who.map(({ name }) => name))}`, width)),
  );
  return lines.length === 0 ? [] : [styleText("bold", "\nWhat is wrong, for example\n\n"), ...lines];
}

function namesOf(names: readonly string[]): string {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function valueOf({ value, unit }: Verdict): string {
  return unit === "seconds" ? duration(value) : value.toLocaleString("en");
}

function limitOf({ limit, bound, unit }: Verdict): string {
  if (limit === null || limit === 0 || bound === "least") return "";
  return `at most ${unit === "seconds" ? duration(limit) : limit.toLocaleString("en")}`;
}

function duration(seconds: number): string {
  const hours = Math.floor(seconds / HOUR);
  return `${hours} h ${String(Math.floor((seconds % HOUR) / MINUTE)).padStart(2, "0")} min`;
}
