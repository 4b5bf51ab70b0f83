// A line that shows that something goes on, where errors appear on a screen; nothing elsewhere.

import type { Terminal } from "../surroundings.ts";

export interface Spinner {
  /** Draws the next frame behind `text`. */
  turn(text: string): void;
  /** Leaves an empty line. */
  clear(): void;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const ERASE_LINE = "\r\u001B[2K";

export function createSpinner(terminal: Terminal): Spinner {
  let turns = 0;
  const write = (text: string) => {
    if (terminal.hasErrorScreen) terminal.writeError(text);
  };
  return {
    turn: (text) => write(`${ERASE_LINE}${FRAMES[turns++ % FRAMES.length]} ${text}`),
    clear: () => write(turns === 0 ? "" : ERASE_LINE),
  };
}
