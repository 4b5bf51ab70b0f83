// `enks status`: how the whole server is doing, once or again and again.

import type { Command } from "commander";
import type { StatusBody } from "../../app/status/status-schemas.ts";
import { durationValue } from "../parse/option-values.ts";
import { onServer, REFUSED } from "../server-command.ts";
import { renderStatus } from "../status/render-status.ts";
import { watchStatus } from "../status/watch-status.ts";
import type { Surroundings } from "../surroundings.ts";

interface StatusFlags {
  readonly watch?: true;
  readonly every?: number;
  readonly check?: true;
}

const WATCH_SECONDS = 2;

export function addStatusCommand(program: Command, surroundings: Surroundings): void {
  const status = program
    .command("status")
    .description("show how the whole server is doing: each part, and what flows where")
    .option("--watch", "show it again and again until Ctrl-C")
    .option("--every <duration>", "with --watch: how often (2s)", durationValue)
    .option("--check", "exit with 1 when a part is broken, for monitoring");
  onServer(
    status,
    surroundings,
    async (call, { watch, every = WATCH_SECONDS, check }: StatusFlags) => {
      const readStatus = () => call.client.get<StatusBody>("/v1/status");
      if (watch) return watchStatus(call, readStatus, Math.max(1, every));
      const found = await readStatus();
      call.show(found, () => renderStatus(found, call.target, call.width));
      return check && found.freshness === "broken" ? REFUSED : 0;
    },
    { namesServer: true },
  );
}
