// Shows the status again and again: in place on a screen, one below the other elsewhere.

import { styleText } from "node:util";
import type { StatusBody } from "../../app/status/status-schemas.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Call } from "../call.ts";
import { jsonText, plainText } from "../output/plain-text.ts";
import { renderDuration } from "../output/render-time.ts";
import { createFrames } from "./frames.ts";
import { renderStatus } from "./render-status.ts";
import { sparkline } from "./sparkline.ts";

/** So many values make a trend. */
const TREND_LENGTH = 40;

/** Until the person interrupts it. A server that cannot be reached is waited for; any other refusal is thrown. */
export async function watchStatus(
  call: Call,
  readStatus: () => Promise<StatusBody>,
  everySeconds: number,
): Promise<void> {
  const { terminal, pause, interruption } = call.surroundings;
  const frames = createFrames(terminal);
  const interrupted = interruption();
  const seen: StatusBody[] = [];
  try {
    while (!interrupted.aborted) {
      try {
        const status = await readStatus();
        seen.push(status);
        seen.splice(0, seen.length - TREND_LENGTH - 1);
        if (call.asJson) call.print(jsonText(status));
        else frames.show(`${renderStatus(status, call.target, terminal.screen()?.columns)}${renderTrends(seen)}`);
      } catch (error) {
        if (!(error instanceof CodedError) || error.code !== "server_unreachable") throw error;
        frames.show(styleText("red", `error ${error.code}: ${plainText(error.message)}\n`));
      }
      await pause(everySeconds * 1_000, interrupted);
    }
  } finally {
    frames.end();
  }
}

export function renderTrends(seen: readonly StatusBody[]): string {
  if (seen.length < 2) return "";
  const saved = seen.map(({ sources }) => sources.reduce((sum, { savedCount }) => sum + savedCount, 0));
  const gained = saved.slice(1).map((count, at) => Math.max(0, count - (saved[at] ?? 0)));
  const lags = seen.map(({ sources, exports, mirrors }) =>
    Math.max(0, ...[...sources, ...exports, ...mirrors].map(({ lagSeconds }) => lagSeconds ?? 0)),
  );
  return [
    `\n${styleText("bold", "Trend")}\n`,
    `  keys imported  ${sparkline(gained)}  ${(saved.at(-1) ?? 0).toLocaleString("en")}\n`,
    `  longest lag    ${sparkline(lags.slice(1))}  ${renderDuration(lags.at(-1) ?? 0)}\n`,
  ].join("");
}
