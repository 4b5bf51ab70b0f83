// Texts that follow each other: each over the one before on a screen, below it elsewhere.

import { fitLine } from "../output/fit-line.ts";
import type { Terminal } from "../surroundings.ts";

export interface Frames {
  show(text: string): void;
  /** Gives the cursor back. */
  end(): void;
}

const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";
const CLEAR_SCREEN = "\u001B[2J";
const HOME = "\u001B[H";
const ERASE_LINE_REST = "\u001B[K";
const ERASE_BELOW = "\u001B[J";

export function createFrames(terminal: Terminal): Frames {
  let count = 0;
  return {
    show(text) {
      const screen = terminal.screen();
      if (screen === null) terminal.write(count === 0 ? text : `\n${text}`);
      else {
        // Written over what is there, in one piece: nothing is empty in between. A line that wraps would move the rest.
        const lines = text.replace(/\n$/, "").split("\n");
        const shown = lines.length < screen.rows ? lines : [...lines.slice(0, Math.max(0, screen.rows - 2)), "…"];
        const start = count === 0 ? HIDE_CURSOR + CLEAR_SCREEN : "";
        terminal.write(
          `${start}${HOME}${shown.map((line) => `${fitLine(line, screen.columns)}${ERASE_LINE_REST}\n`).join("")}${ERASE_BELOW}`,
        );
      }
      count++;
    },
    end() {
      if (count > 0 && terminal.screen() !== null) terminal.write(SHOW_CURSOR);
    },
  };
}
