// A server from its start to its end, as a process: what it says, and its exit code.

import { PartStack } from "../../app/part-stack.ts";
import { readProgramVersion } from "../../app/program-version.ts";
import { type After, type Life, type LifeWork, live } from "../../app/serve/live.ts";
import { closeServer, type RunningServer, startServer } from "../../app/serve/start-server.ts";
import { type CodedError, codeOf } from "../../core/coded-error.ts";
import type { Config } from "../../platform/config/config.ts";
import type { LoadedConfig } from "../../platform/config/load-config.ts";
import { redactSecrets } from "../../platform/observe/redact-secrets.ts";
import { cryptoRandom } from "../../platform/random/crypto-random.ts";
import { createSteadyClock } from "../../platform/time/steady-clock.ts";
import { systemUptimeSeconds } from "../../platform/time/system-clock.ts";
import type { Surroundings } from "../surroundings.ts";
import { announceConfig, announceStart } from "./announce.ts";
import { type Log, openLog } from "./open-log.ts";
import { startFailure, startOverdue, stopOverdue } from "./start-failure.ts";
import { watchStopSignals } from "./stop-signals.ts";

interface Serving {
  opened: PartStack;
  running: RunningServer | null;
}

/** Keeps the process alive, so that its bounds hold where nothing else does. */
const after: After = (milliseconds, then) => {
  const timer = setTimeout(then, milliseconds);
  return () => clearTimeout(timer);
};

export interface ServeManner {
  /** The word of the operator who starts it. */
  readonly isClockCalledRight: boolean;
  /** Tells people why it failed. */
  say(this: void, error: CodedError): void;
}

/** Runs until the process is told to stop, or fails; in every case this ends the process, with its exit code. */
export async function runServer(
  loaded: LoadedConfig,
  surroundings: Surroundings,
  { isClockCalledRight, say }: ServeManner,
): Promise<never> {
  const { config } = loaded;
  const { terminal, clock } = surroundings;
  const version = readProgramVersion();
  const log = openLog(config, terminal, clock);
  announceConfig(log, loaded, version);

  const serving: Serving = { opened: new PartStack(), running: null };
  const steady = createSteadyClock({ machine: clock, uptimeSeconds: systemUptimeSeconds, report: log.report });
  const inside = { clock: steady, random: cryptoRandom, report: log.report, version, isClockCalledRight };
  const start = (opened: PartStack) => startServer(config, inside, opened);
  const life = live(workOf(serving, start, log, config, say), limitsOf(config), after, () =>
    startOverdue(config.startWithinSeconds, serving.opened.unclosed()[0] ?? null),
  );
  const wishes = followWishes(life, log, config);
  const failure = await life.started.then(() => null, startFailure);
  // Where it was told to stop, the start was broken off.
  if (failure !== null && !wishes.wasAsked()) say(failure);
  if (life.phase() === "serving" && serving.running !== null) {
    announceStart(log, terminal, config, serving.running, version);
  }
  return new Promise<never>(() => undefined);
}

function limitsOf({ startWithinSeconds, drainSeconds, stopWithinSeconds }: Config) {
  return { start: startWithinSeconds * 1_000, drain: drainSeconds * 1_000, stop: stopWithinSeconds * 1_000 };
}

function workOf(
  serving: Serving,
  start: (opened: PartStack) => Promise<RunningServer>,
  { report, announce }: Log,
  { stopWithinSeconds }: Config,
  say: (error: CodedError) => void,
): LifeWork {
  return {
    async start(brokenOff) {
      serving.opened = new PartStack({
        brokenOff,
        onOpening: (part) => report({ event: "server.opening", part }),
        onCloseFailed: (part, error) =>
          report({ event: "server.close-failed", level: "warn", part, code: codeOf(error) ?? "unexpected" }),
      });
      serving.running = await start(serving.opened);
    },
    drain: () => serving.running?.drain(),
    close() {
      serving.running?.drain();
      return closeServer(serving.opened);
    },
    end(exitCode, why) {
      const unclosed = serving.opened.unclosed().join(", ");
      const overdue = why === "stop-overdue" ? stopOverdue(stopWithinSeconds, unclosed) : null;
      if (overdue !== null) say(overdue);
      announce({
        event: "server.stopped",
        exitCode,
        ...(unclosed === "" ? {} : { level: "warn", unclosed }),
        ...(overdue === null ? {} : { code: overdue.code }),
      });
      process.exit(exitCode);
    },
  };
}

function followWishes(life: Life, { report, announce }: Log, config: Config): { readonly wasAsked: () => boolean } {
  let wasAsked = false;
  watchStopSignals({
    stop(signal, wantsDrain) {
      wasAsked = life.phase() === "starting" || life.phase() === "serving";
      const drains = wantsDrain && life.phase() === "serving" && config.drainSeconds > 0;
      const drainSeconds = drains ? config.drainSeconds : 0;
      announce({ event: "server.stopping", signal, drainSeconds, withinSeconds: config.stopWithinSeconds });
      life.tell({ kind: "stop-asked", drains });
    },
    end: () => life.tell({ kind: "end-asked" }),
    hangUp: () => announce({ event: "server.terminal-closed", signal: "SIGHUP" }),
  });
  // What nobody foresaw ends the process: half a server would be worse. No stack, which may hold what nobody may read.
  process.on("uncaughtException", (error: unknown) => {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    report({ event: "server.crashed", level: "error", code: "unexpected", why: String(redactSecrets(why)) });
    life.tell({ kind: "crashed" });
  });
  return { wasAsked: () => wasAsked };
}
