// What an operator has to know about a server's clock, in a few lines.

import { styleText } from "node:util";
import type { ClockBody } from "../../app/clock/clock-schemas.ts";
import { plainText } from "../output/plain-text.ts";
import { renderDuration } from "../output/render-time.ts";

const WAITING: Readonly<Record<ClockBody["waits"], string>> = {
  nothing: "nothing waits for it",
  deletions: "deletions wait, everything else goes on",
  everything: "exports, imports, mirrors and deletions wait; uploads and downloads go on",
};

/** No line where there is nothing to say. */
export function renderClock(clock: ClockBody): string[] {
  const { freshness, reasons, time, machineTime, offBySeconds, waits, contradictedBy, steadyForSeconds } = clock;
  const [doubt] = reasons;
  if (doubt === undefined) return [];
  const distance = `${renderDuration(Math.abs(offBySeconds))} ${offBySeconds < 0 ? "behind" : "ahead of"}`;
  const style = freshness === "broken" ? "red" : "yellow";
  const ends = [
    ...(steadyForSeconds === null ? [] : [`by itself in ${renderDuration(steadyForSeconds)} if nothing contradicts`]),
    "when the clock is set right",
    "or where it is right: enks clock confirm",
  ];
  return [
    styleText(style, `clock in doubt (${doubt}): the machine says ${machineTime}, ${distance} what was expected`),
    ...(time === machineTime ? [] : [`  the server works by ${time}`]),
    `  ${WAITING[waits]}`,
    ...(contradictedBy.length === 0 ? [] : [`  contradicted by: ${plainText(contradictedBy.join(", "))}`]),
    `  it ends ${ends.join("; ")}`,
  ];
}
