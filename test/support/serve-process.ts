// `enks serve` and `enks init` as real processes.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** Anything that a test's own process has besides these must not reach the server. */
const KEPT_VARIABLES = ["PATH", "HOME", "TMPDIR", "LANG", "NODE_COMPILE_CACHE"];
/** No load balancer stands before a test. */
const NO_DRAIN = { ENKS_DRAIN: "0" };
/** A process that lives for seconds gains nothing from optimising its database's code. */
const NODE_OPTIONS = ["--disable-warning=ExperimentalWarning", "--liftoff-only"];

/** On a busy machine a stop may take longer than it may by default. */
const STOP_AT_LEISURE = { ENKS_STOP_WITHIN: "600s" };

export type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface ServeOptions {
  /** A module that is loaded before the program. */
  readonly preload?: string;
  /** A program of this folder that gets the whole command line and starts it. */
  readonly launcher?: string;
  /** Behind `serve FOLDER`. */
  readonly args?: readonly string[];
}

export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface ServeProcess {
  readonly process: ChildProcess;
  /** Every line so far; all of them are JSON. */
  readonly lines: readonly LogLine[];
  /** The first line of the event with these fields, also one that has been; rejects when the process ends before it. */
  next(event: string, fields?: Readonly<Record<string, unknown>>): Promise<LogLine>;
  /** Where it listens; rejects when it did not start. */
  started(): Promise<{ readonly publicUrl: string; readonly adminUrl: string; readonly metricsUrl: string }>;
  signal(signal: NodeJS.Signals): void;
  /** Exit code and what was written as an error. */
  ended(): Promise<{ readonly code: number | null; readonly errors: string }>;
}

/** Runs a command to its end. */
export function runCommand(args: readonly string[], variables: Variables = {}): Promise<Ended> {
  return startCommand(args, variables).ended;
}

/** The caller awaits its end. */
export function startCommand(args: readonly string[], variables: Variables = {}) {
  const child = start(args, variables);
  const closed = once(child, "close") as Promise<[number | null]>;
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(
    ([output, errors, [code]]): Ended => ({ code, output, errors }),
  );
  return { ended, signal: (signal: NodeJS.Signals) => void child.kill(signal) };
}

/** Makes a data folder with ports that the system chooses; answers the administrator's token. */
export async function initFolder(folder: string, args: readonly string[] = [], variables: Variables = {}) {
  const ports = ["--public-port", "0", "--admin-port", "0"];
  const { code, output, errors } = await runCommand(["init", folder, ...ports, ...args], variables);
  if (code !== 0) throw new Error(`enks init ended with ${code}: ${errors}`);
  return output.trim();
}

/** The caller ends it. */
export function startServe(folder: string, variables: Variables = {}, options: ServeOptions = {}): ServeProcess {
  const args = ["serve", folder, ...(options.args ?? [])];
  const child = start(args, { ...STOP_AT_LEISURE, ...variables }, options);
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const look of waiting) look();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(JSON.parse(line));
    tell();
  });
  const errors = text(child.stderr);
  const closed = once(child, "close") as Promise<[number | null]>;
  let isOver = false;
  child.once("close", () => {
    isOver = true;
    tell();
  });

  async function next(event: string, fields: Readonly<Record<string, unknown>> = {}): Promise<LogLine> {
    const { promise, resolve, reject } = Promise.withResolvers<LogLine>();
    const look = () => {
      const wanted = Object.entries({ ...fields, event });
      const found = lines.find((line) => wanted.every(([name, value]) => line[name] === value));
      if (found !== undefined) resolve(found);
      else if (isOver)
        void errors.then((said) =>
          reject(new Error(`it ended without ${event}: ${JSON.stringify(lines.at(-1))} ${said}`)),
        );
    };
    waiting.add(look);
    look();
    return promise.finally(() => waiting.delete(look));
  }

  return {
    process: child,
    lines,
    next,
    async started() {
      const { publicUrl, adminUrl, metricsUrl } = await next("server.started");
      return { publicUrl: String(publicUrl), adminUrl: String(adminUrl), metricsUrl: String(metricsUrl) };
    },
    signal: (signal) => void child.kill(signal),
    async ended() {
      const [code] = await closed;
      return { code, errors: await errors };
    },
  };
}

function start(args: readonly string[], variables: Variables, { preload, launcher }: ServeOptions = {}) {
  const kept = KEPT_VARIABLES.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  const options = preload === undefined ? [] : ["--import", preload];
  const launching = launcher === undefined ? [] : [fileURLToPath(new URL(launcher, import.meta.url)), process.execPath];
  return spawn(process.execPath, [...launching, ...NODE_OPTIONS, ...options, PROGRAM, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...Object.fromEntries(kept), ...NO_DRAIN, ...variables },
  });
}
