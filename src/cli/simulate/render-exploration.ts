// The closing tables of a simulation, for people: what was tried, and what was broken.

import { styleText } from "node:util";
import { DAY, isoTime } from "../../core/clock.ts";
import type { BrokenWorld, Exploration } from "../../simulation/worlds/exploration.ts";
import { formatCut } from "../../simulation/worlds/plan-cut.ts";
import { renderTable } from "../render-table.ts";

/** How many broken worlds are told of one by one. */
const TOLD = 10;

export function renderExploration(found: Exploration, repeatWith: readonly string[], width?: number): string {
  return [
    styleText("bold", "\nWhat was tried\n"),
    renderTable(
      [
        { title: "", value: (row) => row.what },
        { title: "", value: (row) => row.count },
      ],
      sumsOf(found),
      width,
    ),
    ...faultTables(found, width),
    ...brokenWorlds(found, repeatWith),
  ].join("");
}

function sumsOf(found: Exploration): { readonly what: string; readonly count: number }[] {
  return [
    { what: "worlds", count: found.tried },
    { what: "worlds in which no fault struck, not counted", count: found.untouched },
    { what: "virtual days", count: Math.round(found.virtualSeconds / DAY) },
    { what: "uploads", count: found.uploads },
    { what: "keys", count: found.keys },
    { what: "archives", count: found.archives },
    { what: "phone checks", count: found.checks },
    { what: "processes that died", count: found.deaths },
    { what: "worlds with a broken invariant", count: found.broken.length },
  ];
}

function faultTables({ faults, deathsAt }: Exploration, width?: number): string[] {
  if (faults.size === 0) return [];
  const byKind = [...faults].sort(([left], [right]) => left.localeCompare(right));
  const byEffect = [...deathsAt].sort(([left], [right]) => left.localeCompare(right));
  const deaths = [
    styleText("bold", "\nWhere processes died\n"),
    renderTable(
      [
        { title: "effect", value: ([effect]) => effect },
        { title: "times", value: ([, times]) => times },
      ],
      byEffect,
      width,
    ),
  ];
  return [
    styleText("bold", "\nFaults\n"),
    renderTable(
      [
        { title: "fault", value: ([kind]) => kind },
        { title: "worlds", value: ([, { worlds }]) => worlds },
        { title: "times", value: ([, { times }]) => times },
      ],
      byKind,
      width,
    ),
    ...(byEffect.length > 0 ? deaths : []),
  ];
}

function brokenWorlds({ broken }: Exploration, repeatWith: readonly string[]): string[] {
  if (broken.length === 0) return [];
  const told = broken.slice(0, TOLD).map((world) => tellOf(world, repeatWith));
  const more = broken.length > TOLD ? [`\n  ... and ${broken.length - TOLD} more worlds\n`] : [];
  return [styleText("bold", "\nWhat was broken\n"), ...told, ...more];
}

function tellOf({ seed, broken, smaller }: BrokenWorld, repeatWith: readonly string[]): string {
  const cut = smaller === null ? "" : formatCut(smaller);
  const repeat = [`--seed ${seed} --runs 1`, ...repeatWith, ...(cut === "" ? [] : [`--only ${cut}`])].join(" ");
  const lines = broken.map(
    ({ id, rule, experience, at, where, witness, what }) =>
      `  ${styleText("red", "✗")} ${id} ${rule}\n` +
      `      ${isoTime(at)}  ${where}: ${what} (${witness})\n` +
      `      what a phone sees: ${experience}\n`,
  );
  return `\n${lines.join("")}    again: npm run simulate -- ${repeat}\n`;
}
