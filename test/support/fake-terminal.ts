// A command called in this process: what it wrote, and the exit code it ended with.

import { runProgram } from "../../src/cli/run-program.ts";
import type { Screen, Surroundings } from "../../src/cli/surroundings.ts";
import type { Clock } from "../../src/core/clock.ts";
import { createVirtualClock } from "../../src/platform/time/virtual-clock.ts";

export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Circumstances {
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly screen?: Screen;
  /** What the person at the terminal answers, in order; without it nobody is there. */
  readonly answers?: readonly string[];
  readonly fetch?: typeof fetch;
  /** Aborted where the person presses Ctrl-C at a time that the test chooses. */
  readonly interruption?: AbortSignal;
  /** What happens while a command waits. */
  readonly meanwhile?: (pauses: number) => void | Promise<void>;
  /** The person presses Ctrl-C when the command waits for the so manieth time. */
  readonly interruptAt?: number;
}

/** Throws only what the program did not foresee. */
export async function callEnks(words: readonly string[], circumstances: Circumstances = {}): Promise<Called> {
  const texts = { out: "", err: "" };
  const answers = circumstances.answers && [...circumstances.answers];
  const interrupted = new AbortController();
  let pauses = 0;
  const surroundings: Surroundings = {
    terminal: {
      write: (text) => void (texts.out += withoutColours(text)),
      writeDocument: (text) => void (texts.out += text),
      writeError: (text) => void (texts.err += withoutColours(text)),
      screen: () => circumstances.screen ?? null,
      hasErrorScreen: circumstances.screen !== undefined,
      ask: async (question) => {
        texts.err += question;
        return answers?.shift() ?? null;
      },
    },
    clock: circumstances.clock ?? createVirtualClock(1_795_514_400),
    environment: circumstances.environment ?? {},
    homeFolder: "/nowhere",
    fetch: circumstances.fetch ?? fetch,
    async pause() {
      pauses++;
      await circumstances.meanwhile?.(pauses);
      if (pauses === circumstances.interruptAt) interrupted.abort();
      await new Promise((resolve) => setImmediate(resolve));
    },
    interruption: () => circumstances.interruption ?? interrupted.signal,
  };
  const code = await runProgram(words, surroundings);
  return { code, ...texts };
}

const COLOUR = new RegExp(String.raw`\u001B\[[\d;]*m`, "g");

/** Whether there are any depends on who runs the tests. */
function withoutColours(text: string): string {
  return text.replace(COLOUR, "");
}
