// Runs one of the programs beside this file as a process of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface ChildProgram {
  readonly process: ChildProcess;
  /** What it prints, line by line. */
  readonly lines: AsyncIterator<string>;
  /** Kills it as a crash would and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts `file` of this folder on this Node, in a shell that has first done `before`; the caller kills it. */
export function startProgram(file: string, args: readonly string[], before = "true"): ChildProgram {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const command = ["-c", `${before}; exec "$0" "$@"`, process.execPath, program, ...args];
  const child = spawn("bash", command, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: Interface = createInterface({ input: child.stdout });
  return {
    process: child,
    lines: lines[Symbol.asyncIterator](),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
