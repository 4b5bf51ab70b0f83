// Runs the program in place of its launcher. Plain JavaScript for any Node from 20 on.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";

/** Said first on the channel to the child, which then ends when the launcher is gone; `src/cli/launcher.ts` knows it. */
const FOLLOW_ME = "enks: end without me";
const LOOK_MILLISECONDS = 1_000;

/**
 * Runs `program` with this process's input and output, hands signals on to it, and ends with its exit code; 128 and the
 * signal's number where a signal ended it. The program ends when this process is gone, and when npm is, where npm
 * started this process.
 */
export function runChild(program, args, options = {}) {
  // A shell, which Windows needs, does not pass the channel on.
  const hasChannel = options.shell !== true;
  const child = spawn(program, args, {
    ...options,
    stdio: ["inherit", "inherit", "inherit", ...(hasChannel ? ["ipc"] : [])],
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`error node_missing: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
  if (!hasChannel) return;
  // The child may have ended before it is told.
  child.send(FOLLOW_ME, () => undefined);
  child.channel?.unref();
  followNpm(() => child.connected && child.disconnect());
}

/** Calls `onGone` when the npm that started this process is gone; never where another program started it. */
function followNpm(onGone) {
  const npm = findNpm();
  if (npm === null) return;
  const timer = setInterval(() => {
    if (isRunning(npm)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_MILLISECONDS);
  timer.unref();
}

/** The process id of npm where it is the parent, or has only its shell in between. */
function findNpm() {
  if (process.platform === "win32" || process.env.npm_execpath === undefined) return null;
  let pid = process.ppid;
  for (let step = 0; step < 2 && pid > 1; step++) {
    const { parent, command } = describeProcess(pid);
    if (/\bnp[mx]\b/.test(command) && !/^\S*sh\s/.test(command)) return pid;
    if (!/^\S*sh\s+-c\b/.test(command)) return null;
    pid = parent;
  }
  return null;
}

function describeProcess(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { parent: Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0), command };
  } catch {
    const { stdout } = spawnSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], { encoding: "utf8" });
    const [, parent = "0", command = ""] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? "") ?? [];
    return { parent: Number(parent), command };
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
