// A server from its start to its end, as a process: what it says, and its exit code.

import { describeDurability } from "../../app/describe-durability.ts";
import { readProgramVersion } from "../../app/program-version.ts";
import { type RunningServer, startServer } from "../../app/serve/start-server.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { LoadedConfig } from "../../platform/config/load-config.ts";
import { showSettings } from "../../platform/config/show-config.ts";
import { redactSecrets } from "../../platform/observe/redact-secrets.ts";
import type { Report } from "../../platform/observe/report.ts";
import { cryptoRandom } from "../../platform/random/crypto-random.ts";
import { createSteadyClock } from "../../platform/time/steady-clock.ts";
import { systemUptimeSeconds } from "../../platform/time/system-clock.ts";
import { REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { type Log, openLog } from "./open-log.ts";
import { renderStart } from "./render-start.ts";
import { startFailure } from "./start-failure.ts";
import { waitForStopSignal } from "./stop-signals.ts";

const ENDED_AT_ONCE = 130;
const STRAGGLERS_MILLISECONDS = 1_000;

/** Answers 0 after a stop within its bound, 1 otherwise. Throws the codes of what could not be started. */
export async function runServer(loaded: LoadedConfig, { terminal, clock }: Surroundings): Promise<number> {
  const { config } = loaded;
  const version = readProgramVersion();
  const log = openLog(config, terminal, clock);
  const stopSignal = waitForStopSignal(() => process.exit(ENDED_AT_ONCE));
  endOnSurprises(log.report);
  announceConfig(log, loaded, version);

  const steady = createSteadyClock({ machine: clock, uptimeSeconds: systemUptimeSeconds, report: log.report });
  const started = startServer(config, { clock: steady, random: cryptoRandom, report: log.report, version });
  const outcome = await Promise.race([started.catch(startFailure), stopSignal.then(() => null)]);
  // A start can be broken off anywhere, as a crash could.
  if (outcome === null) process.exit(0);
  if (outcome instanceof CodedError) throw outcome;

  if (log.form === "text") terminal.write(renderStart(config, outcome, version));
  else announceStart(log.announce, outcome);
  const signal = await stopSignal;
  log.announce({ event: "server.stopping", signal, withinSeconds: config.stopWithinSeconds });
  const wasInTime = await stopWithin(outcome, config.stopWithinSeconds);
  log.announce({ event: "server.stopped", ...(wasInTime ? {} : { level: "warn", code: "server_stop_overdue" }) });
  const exitCode = wasInTime ? 0 : REFUSED;
  // Whatever still holds the process has had its time.
  setTimeout(() => process.exit(exitCode), STRAGGLERS_MILLISECONDS).unref();
  return exitCode;
}

async function stopWithin(running: RunningServer, seconds: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), seconds * 1_000);
  const wasInTime = await Promise.race([running.stop().then(() => true), late]);
  clearTimeout(timer);
  if (!wasInTime) setTimeout(() => process.exit(REFUSED), STRAGGLERS_MILLISECONDS).unref();
  return wasInTime;
}

/** Without secrets: `showSettings` leaves them out. People see what differs from the defaults. */
function announceConfig({ form, announce }: Log, loaded: LoadedConfig, version: string): void {
  const settings = showSettings(loaded).filter(({ origin }) => form === "json" || origin !== "default");
  const fields = Object.fromEntries(settings.map(({ path, value }) => [path, value]));
  announce({ ...fields, event: "server.starting", version, level: "info" });
  if (loaded.unread.length > 0) announce({ event: "server.variables-unread", names: loaded.unread.join(" ") });
}

function announceStart(announce: Report, running: RunningServer): void {
  const { publicUrl, adminUrl, metricsUrl, database } = running;
  announce({
    event: "server.started",
    publicUrl,
    adminUrl,
    metricsUrl,
    database: database && database.kind,
    durability: database && describeDurability(database.kind),
  });
}

/** What nobody foresaw ends the process: half a server would be worse. No stack, which may hold what nobody may read. */
function endOnSurprises(report: Report): void {
  process.on("uncaughtException", (error: unknown) => {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    report({ event: "server.crashed", level: "error", code: "unexpected", why: String(redactSecrets(why)) });
    process.exit(REFUSED);
  });
}
