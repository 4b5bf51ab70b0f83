// `npm run record:demo`: runs the demo as on a terminal of 80 columns and draws what is on it in the end.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeSurroundings } from "../src/cli/node-surroundings.ts";
import { runProgram } from "../src/cli/run-program.ts";
import { drawTerminal } from "./terminal-picture/draw-terminal.ts";
import { showOnScreen } from "./terminal-picture/terminal-screen.ts";

const PICTURE = join(import.meta.dirname, "..", "docs", "pictures", "demo.svg");
const COMMAND = "npm run demo";
const SCREEN = { columns: 80, rows: 60 };

// The colours of a terminal, wherever this runs.
process.env["FORCE_COLOR"] = "1";

const real = nodeSurroundings();
let written = "";
const terminal = {
  ...real.terminal,
  write: (text: string) => void (written += text),
  screen: () => SCREEN,
};
const code = await runProgram(["demo"], { ...real, terminal });
if (code !== 0 || process.exitCode) throw new Error(`the demo did not end well:\n${written}`);

const lines = showOnScreen(`\u001B[32m$\u001B[39m \u001B[1m${COMMAND}\u001B[22m\n${written.trimEnd()}`);
const picture = drawTerminal(COMMAND, lines);
mkdirSync(dirname(PICTURE), { recursive: true });
writeFileSync(PICTURE, picture);
console.log(`docs/pictures/demo.svg: ${lines.length} lines, ${picture.length} bytes`);
