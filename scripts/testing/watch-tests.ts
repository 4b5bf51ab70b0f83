// Starts a process that runs tests, shows what it tells, and ends it when it stands still.

import { spawn } from "node:child_process";
import { createTally, type Tally } from "./tally.ts";
import type { TestEvent } from "./test-events.ts";

export interface WatchedTests {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** The longest time that may pass before another test ends. */
  readonly stillMilliseconds: number;
  /** Prints one line. */
  readonly print: (line: string) => void;
}

export interface WatchedEnd {
  /** 0: every planned file ran to its end and nothing failed. */
  readonly exitCode: number;
  readonly tally: Tally;
}

const [STOOD_STILL, INTERRUPTED] = [124, 130];
const STOPPING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const STOP_MILLISECONDS = 15_000;

/** Resolves when the process and the group of processes that it made have ended, however they did. */
export async function watchTests(watched: WatchedTests): Promise<WatchedEnd> {
  const { print, stillMilliseconds } = watched;
  const tally = createTally();
  const child = spawn(watched.command, [...watched.args], {
    env: watched.environment,
    // A process group of its own, so that all that it starts can be ended with it.
    detached: process.platform !== "win32",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let why: { readonly code: number; readonly said: string } | null = null;
  const stop = (code: number, said: string) => {
    why ??= { code, said };
    killGroup(child.pid, "SIGKILL");
  };
  const still = () => stop(STOOD_STILL, `No test has ended for ${stillMilliseconds / 60_000} minutes.`);
  let limit = setTimeout(still, stillMilliseconds);
  child.on("message", (event: TestEvent) => {
    for (const line of tally.take(event)) print(line);
    if (event.kind === "test-begins") return;
    clearTimeout(limit);
    limit = setTimeout(still, stillMilliseconds);
  });
  const handOn = (signal: NodeJS.Signals) => {
    killGroup(child.pid, signal);
    setTimeout(() => stop(INTERRUPTED, `Stopped by ${signal}.`), STOP_MILLISECONDS).unref();
  };
  for (const signal of STOPPING_SIGNALS) process.on(signal, handOn);
  try {
    const end = await new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(signal ?? String(code)));
    });
    return { exitCode: explain(end, tally, why, print), tally };
  } finally {
    clearTimeout(limit);
    for (const signal of STOPPING_SIGNALS) process.off(signal, handOn);
    // What a test left running.
    killGroup(child.pid, "SIGKILL");
  }
}

/** Prints why the run ended where that was not at its end; answers the exit code. */
function explain(
  end: string,
  tally: Tally,
  why: { readonly code: number; readonly said: string } | null,
  print: (line: string) => void,
): number {
  const running = tally.running();
  if (why !== null) print(why.said);
  else if (!tally.isComplete) print(`The tests ended early (${end}).`);
  for (const one of running) print(`  was running: ${one}`);
  const failures = tally.failures();
  if (failures.length > 0) print("Failed:");
  for (const failure of failures) print(`  ${failure}`);
  if (why !== null) return why.code;
  if (end !== "0") return Number(end) || 1;
  return tally.isComplete && tally.counts().failed === 0 ? 0 : 1;
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
