// What is wrong as phones see it: where, since when, what it means, what to do.

import { styleText } from "node:util";
import type { StatusBody } from "../../app/status/status-schemas.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { plainText } from "../output/plain-text.ts";
import { renderSince } from "../output/render-time.ts";
import { wrapText } from "../output/wrap-text.ts";

const STYLES = { late: "yellow", broken: "red" } as const;

/** A paragraph for each; nothing where all is well. */
export function renderAlarms(alarms: StatusBody["alarms"], now: UnixSeconds, width: number): string {
  if (alarms.length === 0) return "";
  const paragraphs = alarms.map(({ kind, name, reason, state, since, detail, remedy }) => {
    const head = `${kind} ${plainText(name)}: ${plainText(reason)}, since ${since} (${renderSince(since, now)})`;
    return [
      `  ${styleText(STYLES[state], state)}  ${head}\n`,
      wrapText(plainText(detail), width, "    "),
      wrapText(plainText(remedy), width, "    -> "),
    ].join("");
  });
  return `\n${styleText("bold", "At phones")}\n${paragraphs.join("")}`;
}

/** When the index was last seen from where phones are, or why it is not. */
export function renderLook(look: StatusBody["locations"][number]["atPhones"], now: UnixSeconds): string {
  if (look === null) return "-";
  if (look.outcome === "waiting") return "nothing yet";
  return look.outcome === "seen" ? renderSince(look.lookedAt, now) : `not seen: ${plainText(look.code ?? "")}`;
}
