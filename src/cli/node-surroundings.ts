// The surroundings of the real process.

import { homedir } from "node:os";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { printableOutput } from "../core/printable-text.ts";
import { readEnvironment } from "../platform/config/environment.ts";
import { systemClock } from "../platform/time/system-clock.ts";
import { exitCodeOf } from "./end-on-signal.ts";
import { asciiText } from "./output/ascii-text.ts";
import { type Abilities, abilitiesOf } from "./output/terminal-abilities.ts";
import type { Surroundings } from "./surroundings.ts";

export function nodeSurroundings(): Surroundings {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on("error", ignoreClosedPipe);
  const environment = readEnvironment();
  const [out, err] = [stdout, stderr].map((stream) => abilitiesOf(stream, environment, process.platform));
  return {
    terminal: {
      write: (text) => void stdout.write(shown(text, out)),
      writeDocument: (text) => void stdout.write(out?.isScreen === true ? printableOutput(text) : text),
      writeError: (text) => void stderr.write(shown(text, err)),
      screen: () => (out?.isScreen === true ? { columns: stdout.columns, rows: stdout.rows } : null),
      hasErrorScreen: err?.isScreen === true,
      ask: async (question, { isSecret = false } = {}) =>
        stdin.isTTY && stderr.isTTY ? askPerson(question, isSecret) : null,
    },
    clock: systemClock,
    environment,
    homeFolder: homedir(),
    fetch,
    async pause(milliseconds, until) {
      try {
        await wait(milliseconds, undefined, until && { signal: until });
      } catch (error) {
        if (until?.aborted !== true) throw error;
      }
    },
    interruption() {
      const controller = new AbortController();
      process.once("SIGINT", () => controller.abort());
      for (const signal of ["SIGTERM", "SIGHUP"] as const) {
        process.once(signal, () => {
          process.exitCode = exitCodeOf(signal);
          controller.abort();
        });
      }
      stdout.once("error", () => controller.abort());
      return controller.signal;
    },
  };
}

function shown(text: string, abilities: Abilities | undefined): string {
  const printable = printableOutput(text);
  return abilities?.hasUnicode === true ? printable : asciiText(printable);
}

/**
 * The reader of the output may have seen enough, as `head` has, and its terminal may be closed; what the command does, it
 * still does.
 */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
}

/** The question goes where errors go, so that the output can be redirected. */
async function askPerson(question: string, isSecret: boolean): Promise<string> {
  if (isSecret) process.stderr.write(question);
  const output = isSecret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  // Ctrl-C ends the command, as it does elsewhere.
  reader.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return await reader.question(isSecret ? "" : question);
  } finally {
    reader.close();
    if (isSecret) process.stderr.write("\n");
  }
}
