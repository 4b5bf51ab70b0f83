// A coverage report for people: one table of places, and the archives whose keys they lack.

import { styleText } from "node:util";
import { isoTime } from "../../core/clock.ts";
import type { CoverageReport, CoverageVerdict, PlaceReport } from "../../proof/coverage-report.ts";
import type { ProofProblem, TreeReading } from "../../proof/proof-types.ts";
import type { UncoveredArchive } from "../../proof/tally-verdicts.ts";
import { renderSection } from "../output/render-fields.ts";
import { renderDuration } from "../output/render-time.ts";
import { type Column, renderTable } from "../render-table.ts";

/** The rest is in the report as JSON. */
const MOST_ROWS = 20;

/** `width`: of the screen. Ends with LF. */
export function renderCoverage(report: CoverageReport, width: number): string {
  const trees = [...report.state, ...report.places.flatMap((place) => place.trees)];
  return [
    renderSection("Read", TREE_COLUMNS, trees, width),
    renderSection("Keys of the state", PLACE_COLUMNS, report.places, width),
    ...report.places.map((place) => renderUncovered(place, width)),
    renderProblems(trees, width),
    `\n${sentenceOf(report)}\n`,
  ].join("");
}

const TREE_COLUMNS: readonly Column<TreeReading>[] = [
  { title: "tree", value: ({ name }) => name, whole: true },
  { title: "archives", value: ({ archivesRead }) => archivesRead },
  { title: "listed", value: ({ lines }) => lines },
  { title: "keys", value: ({ keys }) => keys },
  { title: "refused keys", value: ({ refusedKeys }) => refusedKeys },
  { title: "newest window ends", value: ({ newestEnd }) => (newestEnd === null ? "-" : isoTime(newestEnd)) },
];

const PLACE_COLUMNS: readonly Column<PlaceReport>[] = [
  { title: "place", value: ({ name }) => name, whole: true },
  { title: "keys", value: ({ keys }) => keys },
  { title: "covered", value: ({ counts }) => counts.covered },
  { title: "on the way", value: ({ counts }) => counts.on_the_way },
  { title: "withdrawn", value: ({ counts }) => counts.withdrawn },
  { title: "expired", value: ({ counts }) => counts.expired },
  { title: "missing", value: ({ counts }) => counts.missing },
  { title: "other values", value: ({ counts }) => counts.different },
];

const ARCHIVE_COLUMNS: readonly Column<UncoveredArchive>[] = [
  { title: "day", value: ({ end }) => isoTime(end).slice(0, 10) },
  { title: "tree", value: ({ tree }) => tree, whole: true },
  { title: "archive", value: ({ line }) => line, whole: true },
  { title: "missing", value: ({ missing }) => missing },
  { title: "other values", value: ({ different }) => different },
];

function renderUncovered({ name, archives, differences }: PlaceReport, width: number): string {
  if (archives.length === 0) return "";
  const fields = Object.entries(differences).map(([field, count]) => `${field} ${count}`);
  const differing = fields.length === 0 ? "" : `  values that differ: ${fields.join(", ")}\n`;
  const shown = archives.slice(0, MOST_ROWS);
  return renderSection(`Not in the ${name}`, ARCHIVE_COLUMNS, shown, width) + moreThan(archives) + differing;
}

interface PlacedProblem extends ProofProblem {
  readonly tree: string;
}

const PROBLEM_COLUMNS: readonly Column<PlacedProblem>[] = [
  { title: "tree", value: ({ tree }) => tree, whole: true },
  { title: "line", value: ({ line }) => line ?? "the index", whole: true },
  { title: "code", value: ({ code }) => code },
  { title: "why", value: ({ message }) => message, cut: true },
];

function renderProblems(trees: readonly TreeReading[], width: number): string {
  const problems = trees.flatMap(({ name, problems: all }) => all.map((problem) => ({ tree: name, ...problem })));
  if (problems.length === 0) return "";
  return `\n${styleText("bold", "Not readable")}\n${renderTable(PROBLEM_COLUMNS, problems.slice(0, MOST_ROWS), width)}${moreThan(problems)}`;
}

function moreThan(rows: readonly unknown[]): string {
  return rows.length > MOST_ROWS ? `  and ${rows.length - MOST_ROWS} more; --json shows all\n` : "";
}

function sentenceOf({ verdict, lagSeconds }: CoverageReport): string {
  const late = `Keys that the state published in the last ${renderDuration(lagSeconds)} may be on their way.`;
  const sentences: Record<CoverageVerdict, string> = {
    proven: `Proven: every key of the state is in every place, with the same values. ${late}`,
    sample_good: "The keys of the sample are there. This is no proof: run it without --sample.",
    not_proven: `Not proven: keys are missing or differ, or a tree could not be read. ${late}`,
  };
  return sentences[verdict];
}
