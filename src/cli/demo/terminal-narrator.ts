// Shows a demo while it runs: a line for each stage and event, and a bar that moves on a screen.

import { styleText } from "node:util";
import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import type { Narrator, Progress } from "../../simulation/demo/demo-types.ts";
import { fitLine } from "../output/fit-line.ts";
import { plainText } from "../output/plain-text.ts";
import { textWidth, wrapText } from "../output/wrap-text.ts";
import type { Terminal } from "../surroundings.ts";

const BAR_WIDTH = 24;
const ERASE_LINE = "\r\u001B[2K";
const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";
/** Where nothing can be drawn over, a line says now and then that it goes on. */
const PLAIN_EVERY_SECONDS = 7 * DAY;

export interface TerminalNarrator extends Narrator {
  /** Takes the bar away and gives the cursor back; may be called twice. */
  end(): void;
}

export function createTerminalNarrator(terminal: Terminal): TerminalNarrator {
  let bar = "";
  let toldAt: UnixSeconds | null = null;
  const erase = () => {
    if (bar !== "") terminal.write(ERASE_LINE);
  };
  const print = (text: string) => {
    erase();
    terminal.write(text + bar);
  };
  return {
    stage(title) {
      erase();
      bar = "";
      const width = textWidth(terminal.screen()?.columns);
      terminal.write(`\n${styleLines("bold", wrapText(title, width, ""))}`);
    },
    progress(progress) {
      const screen = terminal.screen();
      if (screen === null) {
        toldAt ??= progress.now;
        if (progress.now - toldAt < PLAIN_EVERY_SECONDS) return;
        toldAt = progress.now;
        terminal.write(`  ${describe(progress)}\n`);
        return;
      }
      const next = fitLine(renderBar(progress), screen.columns - 1);
      if (next === bar) return;
      terminal.write(`${bar === "" ? HIDE_CURSOR : ERASE_LINE}${next}`);
      bar = next;
    },
    event(now, text) {
      const width = textWidth(terminal.screen()?.columns);
      print(wrapText(plainText(text), width, `  ${styleText("dim", shortTime(now))}  `));
    },
    end() {
      erase();
      if (bar !== "") terminal.write(SHOW_CURSOR);
      bar = "";
    },
  };
}

export function renderBar(progress: Progress): string {
  const full = Math.round(Math.min(1, Math.max(0, progress.fraction)) * BAR_WIDTH);
  return `  ${styleText("cyan", "█".repeat(full))}${styleText("dim", "░".repeat(BAR_WIDTH - full))}  ${describe(progress)}`;
}

function describe({ now, keys, checks }: Progress): string {
  return `${shortTime(now)}  ${count(keys)} keys  ${count(checks)} checks`;
}

function shortTime(now: UnixSeconds): string {
  return isoTime(now).slice(0, 16).replace("T", " ");
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function styleLines(style: "bold", lines: string): string {
  return lines.replace(/.+/g, (line) => styleText(style, line));
}
