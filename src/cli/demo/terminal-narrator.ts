// Shows a demo while it runs: a line for each stage and event, and a bar that moves where the output is a terminal.

import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { Narrator } from "../../simulation/demo/demo-types.ts";

const BAR_WIDTH = 30;
/** Without a terminal a stage shows its progress in so many steps. */
const PLAIN_STEPS = 4;

type Output = Pick<WriteStream, "write"> & { readonly isTTY?: boolean };

export interface TerminalNarrator extends Narrator {
  /** Ends the last bar. */
  end(): void;
}

export function createTerminalNarrator(output: Output): TerminalNarrator {
  const live = output.isTTY === true;
  let bar = "";
  let plainSteps = 0;
  const erase = () => {
    if (live && bar !== "") output.write("\r\u001B[2K");
  };
  const print = (line: string) => {
    erase();
    output.write(`${line}\n`);
    if (live) output.write(bar);
  };
  const end = () => {
    if (bar === "") return;
    if (live) output.write("\n");
    bar = "";
  };
  return {
    stage(title) {
      end();
      plainSteps = 0;
      output.write(`\n${styleText("bold", title)}\n`);
    },
    progress(fraction, now) {
      const next = renderBar(fraction, now);
      if (next === bar) return;
      erase();
      bar = next;
      if (live) output.write(bar);
      else if (Math.floor(fraction * PLAIN_STEPS) > plainSteps) {
        plainSteps = Math.floor(fraction * PLAIN_STEPS);
        output.write(`${bar}\n`);
      }
    },
    event(now, text) {
      print(`  ${styleText("dim", shortTime(now))}  ${text}`);
    },
    end,
  };
}

export function renderBar(fraction: number, now: UnixSeconds): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  const percent = `${Math.floor(fraction * 100)}`.padStart(3);
  return `  ${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)} ${percent} %  ${shortTime(now)}`;
}

function shortTime(now: UnixSeconds): string {
  return isoTime(now).slice(0, 16).replace("T", " ");
}
