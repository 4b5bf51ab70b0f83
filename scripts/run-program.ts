// Runs a program to its end, whatever happens: signals are handed on, and it gets a limited time.

import { spawn } from "node:child_process";

export interface ProgramRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMilliseconds: number;
  /** Collects what it prints instead of showing it at once. */
  readonly isQuiet: boolean;
}

export interface ProgramResult {
  readonly exitCode: number;
  /** What it printed, when it was quiet. */
  readonly output: string;
}

const STOPPING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const TIMED_OUT = 124;
const INTERRUPTED = 130;

export async function runProgram(run: ProgramRun): Promise<ProgramResult> {
  // A process group of its own, so that its children can be ended with it.
  const child = spawn(run.command, [...run.args], {
    env: run.environment ?? process.env,
    detached: process.platform !== "win32",
    stdio: ["ignore", run.isQuiet ? "pipe" : "inherit", run.isQuiet ? "pipe" : "inherit"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const handOn = (signal: NodeJS.Signals) => killGroup(child.pid, signal);
  for (const signal of STOPPING_SIGNALS) process.on(signal, handOn);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    killGroup(child.pid, "SIGKILL");
  }, run.timeoutMilliseconds);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(isLate ? TIMED_OUT : (code ?? INTERRUPTED)));
    });
    const late = isLate ? `\n${run.command} was stopped after ${run.timeoutMilliseconds / 1_000} s\n` : "";
    if (isLate && !run.isQuiet) console.error(late);
    return { exitCode, output: output + late };
  } finally {
    clearTimeout(limit);
    for (const signal of STOPPING_SIGNALS) process.off(signal, handOn);
  }
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
