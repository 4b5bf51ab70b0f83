// Skipping archives that can never be had, taking them up again, and removing what has ended; sources and mirrors do it alike.

import type { Command } from "commander";
import type { RemovedBody, SkipBody } from "../../features/upstreams/skip-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, fills } from "../options/body-option.ts";
import { plainText } from "../output/plain-text.ts";
import { renderSince } from "../output/render-time.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

/** Adds `skip`, `unskip`, `skips` and `remove` to the group of `collection`, "sources" or "mirrors". */
export function addSkipCommands(group: Command, collection: "sources" | "mirrors", surroundings: Surroundings): void {
  const one = `the ${group.name()}`;
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", one);
  const pathOf = (name: string) => `/v1/${collection}${path`/${name}`}`;

  const skip = named("skip", "skip an archive that can never be had, and go on without it; its keys are given up")
    .addArgument(lineArgument())
    .addOption(
      fills("reason", "--reason <text>", "why; kept with the skip and in the audit log").makeOptionMandatory(),
    );
  onServer(skip, surroundings, async (call, name: string) => {
    show(call, "skipped", await call.client.post<SkipBody>(`${pathOf(name)}/skips`, await call.body()));
  });

  const unskip = named("unskip", "take up an archive again that was skipped").addArgument(lineArgument());
  onServer(unskip, surroundings, async (call, name: string) => {
    show(call, "skipped no more", await call.client.post<SkipBody>(`${pathOf(name)}/unskips`, await call.body()));
  });

  const skips = named("skips", "list the archives that were to be skipped, the last first; undone skips too");
  listOnServer(skips, surroundings, ({ showList, now }, name: string) =>
    showList<SkipBody>(`${pathOf(name)}/skips`, [
      { title: "line", value: (skipped) => skipped.line, whole: true },
      { title: "skipped", value: ({ skippedAt }) => renderSince(skippedAt, now()) },
      { title: "by", value: ({ skippedBy }) => skippedBy ?? "-" },
      { title: "undone", value: ({ undoneAt }) => renderSince(undoneAt, now()) },
      { title: "undone by", value: ({ undoneBy }) => undoneBy ?? "-" },
      { title: "because", value: ({ reason }) => reason, cut: true },
    ]),
  );

  const remove = named("remove", `remove a ${group.name()} that has ended, or that never took anything`);
  onServer(remove, surroundings, async (call, name: string) => {
    const removed = await call.client.delete<RemovedBody>(pathOf(name));
    call.show(removed, () => `removed: ${plainText(name)}\n`);
  });
}

function lineArgument(): BodyArgument {
  return new BodyArgument("line", "<line>", "line of the other server's index that names it");
}

function show(call: Call, what: string, skip: SkipBody): void {
  call.show(skip, ({ line }) => `${what}: ${plainText(line)}\n`);
}
