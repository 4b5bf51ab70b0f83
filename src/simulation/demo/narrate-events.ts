// From what servers report to the lines that a person wants to read.

import type { ReportedEvent } from "../../platform/observe/report.ts";
import type { Narrator } from "./demo-types.ts";
import type { WorldOptions } from "./world.ts";

/** Tells the first of each kind of good news, and every failure once until its reason changes. */
export function narrateEvents(narrator: Narrator): WorldOptions["onEvent"] {
  const told = new Set<string>();
  return (server, event, now) => {
    const text = textOf(server, event);
    if (text === null) return;
    const once =
      event.level === "error" || event.level === "warn" ? text : `${server} ${event.event} ${event["supplier"] ?? ""}`;
    if (told.has(once)) return;
    told.add(once);
    narrator.event(now, text);
  };
}

/** By what supplied them. */
const FIRST_ARCHIVES: Readonly<Record<string, string>> = {
  "export:client": "first archive for phones of the state",
  "export:second": "first archive for the nation",
  "export:national": "first archive for phones of the nation",
  "mirror:national": "first archive of the mirror",
};

function count(value: unknown): string {
  return Number(value).toLocaleString("en");
}

function textOf(server: string, event: ReportedEvent): string | null {
  const { event: name, level } = event;
  if (name === "location.archive-appended") {
    const keys = `${count(event["primaries"])} keys${event["revised"] ? `, ${count(event["revised"])} revised` : ""}`;
    return `${FIRST_ARCHIVES[String(event["supplier"])] ?? `${server}: first archive of ${event["supplier"]}`}: ${keys}`;
  }
  if (name === "location.index-published") return null;
  if (name === "export.ended") return `${server}: the export ${event["config"]} has ended`;
  if (level === "error" || level === "warn") {
    const about = event["line"] ?? event["source"] ?? event["mirror"] ?? event["config"] ?? event["location"] ?? "";
    return `${server}: ${name} ${about} ${event["reason"] ?? event["code"] ?? ""}`.replaceAll(/ +/g, " ").trim();
  }
  return null;
}
