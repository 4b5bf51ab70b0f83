// The message for people when a server has started.

import { styleText } from "node:util";
import { describeDurability } from "../../app/describe-durability.ts";
import type { RunningServer } from "../../app/serve/start-server.ts";
import type { Config } from "../../platform/config/config.ts";
import { DUTIES } from "../../platform/config/settings/process-settings.ts";
import { visibleLength } from "../output/fit-line.ts";

/** Of both edges. */
const BOX_WIDTH = 4;

/** What somebody wants to know who has just started it: in a box, where that fits a screen of `columns`. */
export function renderStart(
  config: Config,
  running: RunningServer,
  version: string,
  columns = Number.POSITIVE_INFINITY,
): string {
  const rows: [string, string][] = [
    ...row("public", running.publicUrl),
    ...row("admin", running.adminUrl),
    ...row("metrics", running.metricsUrl && `${running.metricsUrl}/metrics`),
    ...databaseRows(running),
    ["duties", config.duties.length === DUTIES.length ? "all" : config.duties.join(", ")],
    ["stop", "Ctrl-C"],
  ];
  const lines = [
    `${styleText("bold", `enks ${version}`)}  ${config.name}`,
    "",
    ...rows.map(([name, value]) => `${styleText("dim", name.padEnd(9))} ${value}`),
  ];
  const width = Math.max(...lines.map(visibleLength));
  if (width + BOX_WIDTH > columns) return `\n${lines.join("\n")}\n\n`;
  const inside = lines.map((line) => `│ ${line}${" ".repeat(width - visibleLength(line))} │`);
  const edge = "─".repeat(width + 2);
  return `\n╭${edge}╮\n${inside.join("\n")}\n╰${edge}╯\n\n`;
}

function row(name: string, value: string | null): [string, string][] {
  return value === null ? [] : [[name, value]];
}

function databaseRows({ database }: RunningServer): [string, string][] {
  if (database === null) return [];
  const place = database.kind === "embedded" ? `embedded, in ${database.folder}` : "PostgreSQL";
  return [
    ["database", place],
    ["", describeDurability(database.kind)],
  ];
}
