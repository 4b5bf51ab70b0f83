// Runs tests in a work copy until the first one fails, or nothing has happened for too long.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { LINE_MARK, type TestLine } from "./line-reporter.ts";

export interface TestRun {
  /** The work copy. */
  readonly folder: string;
  /** In this order. */
  readonly files: readonly string[];
  /** How long each file takes when nothing is wrong. */
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Goes on after a failure, and says how long each file took. */
  readonly isMeasuring: boolean;
}

export interface TestVerdict {
  readonly failures: readonly { readonly file: string; readonly test: string; readonly reason: string }[];
  /** The file that said nothing for too long. */
  readonly hungIn: string | null;
  readonly milliseconds: Readonly<Record<string, number>>;
  /** Of vitest itself, where it ended before it ran a test. */
  readonly output: string;
}

/** A loaded machine is slower than the measurement; a hanging test is recognised after this and four times its file's time. */
const PATIENCE_MILLISECONDS = 60_000;
const FIRST_PATIENCE_MILLISECONDS = 10 * 60_000;

export async function runTests({ folder, files, milliseconds, isMeasuring }: TestRun): Promise<TestVerdict> {
  const own = mkdtempSync(join(tmpdir(), "enks-mutation-"));
  const list = join(own, "files.json");
  writeFileSync(list, JSON.stringify(files));
  const child = spawn(process.execPath, ["scripts/mutation/run-in-order.ts", list], {
    cwd: folder,
    // A process group of its own, so that it can be ended with its children.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: own },
  });
  const failures: TestVerdict["failures"][number][] = [];
  const measured: Record<string, number> = {};
  const state = { file: "", hungIn: null as string | null, output: "" };
  const stop = () => killGroup(child.pid);
  const patience = () =>
    isMeasuring ? FIRST_PATIENCE_MILLISECONDS : PATIENCE_MILLISECONDS + 4 * (milliseconds[state.file] ?? 0);
  const give = () => {
    state.hungIn = state.file;
    stop();
  };
  let limit = setTimeout(give, patience());
  createInterface({ input: child.stdout }).on("line", (text) => {
    if (!text.startsWith(LINE_MARK)) {
      state.output += `${text}\n`;
      return;
    }
    const line: TestLine = JSON.parse(text.slice(LINE_MARK.length));
    if (line.kind === "begin") state.file = line.file;
    if (line.kind === "end") measured[line.file] = line.milliseconds;
    if (line.kind === "end" && isMeasuring) console.log(`${line.milliseconds / 1_000} s ${line.file}`);
    if (line.kind === "failed") failures.push({ file: line.file, test: line.test, reason: line.reason });
    if (line.kind === "failed" && !isMeasuring) stop();
    clearTimeout(limit);
    limit = setTimeout(give, patience());
  });
  createInterface({ input: child.stderr }).on("line", (text) => {
    state.output += `${text}\n`;
  });
  const interrupted = () => {
    stop();
    rmSync(own, { recursive: true, force: true });
  };
  process.on("exit", interrupted);
  await new Promise((resolve) => child.once("close", resolve));
  process.off("exit", interrupted);
  clearTimeout(limit);
  rmSync(own, { recursive: true, force: true });
  return { failures, hungIn: state.hungIn, milliseconds: measured, output: state.output.slice(-2_000) };
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
