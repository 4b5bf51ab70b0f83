// What a server says about itself when it starts and stops.

import { describeDurability } from "../../app/describe-durability.ts";
import type { RunningServer } from "../../app/serve/start-server.ts";
import type { Config } from "../../platform/config/config.ts";
import type { LoadedConfig } from "../../platform/config/load-config.ts";
import { showSettings } from "../../platform/config/show-config.ts";
import type { Terminal } from "../surroundings.ts";
import type { Log } from "./open-log.ts";
import { renderStart } from "./render-start.ts";

/** Without secrets: `showSettings` leaves them out. People see what differs from the defaults. */
export function announceConfig({ form, announce }: Log, loaded: LoadedConfig, version: string): void {
  const settings = showSettings(loaded).filter(({ origin }) => form === "json" || origin !== "default");
  const fields = Object.fromEntries(settings.map(({ path, value }) => [path, value]));
  announce({ ...fields, event: "server.starting", version, level: "info" });
  if (loaded.unread.length > 0) announce({ event: "server.variables-unread", names: loaded.unread.join(" ") });
}

export function announceStart(
  { form, announce }: Log,
  terminal: Terminal,
  config: Config,
  running: RunningServer,
  version: string,
): void {
  if (form === "text") return terminal.write(renderStart(config, running, version, terminal.screen()?.columns));
  const { publicUrl, adminUrl, metricsUrl, database } = running;
  return announce({
    event: "server.started",
    publicUrl,
    adminUrl,
    metricsUrl,
    database: database && database.kind,
    durability: database && describeDurability(database.kind),
  });
}
