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
  readonly every: number;
  readonly check?: true;
}

const WATCH_SECONDS = 2;

export function addStatusCommand(program: Command, surroundings: Surroundings): void {
  const status = program
    .command("status")
    .description("how the whole server is doing: each part, and what flows where")
    .option("--watch", "show it again and again, until Ctrl-C")
    .option("--every <duration>", "with --watch: how often (2s)", durationValue, WATCH_SECONDS)
    .option("--check", "end with 1 when a part is broken");
  onServer(status, surroundings, async (call, { watch, every, check }: StatusFlags) => {
    const readStatus = () => call.client.get<StatusBody>("/v1/status");
    if (watch) return watchStatus(call, readStatus, Math.max(1, every));
    const found = await readStatus();
    call.show(found, () => renderStatus(found, surroundings.terminal.screen()?.columns));
    return check && found.freshness === "broken" ? REFUSED : 0;
  });
}
