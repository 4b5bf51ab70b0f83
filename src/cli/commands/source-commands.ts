// `enks source`: other servers whose keys are imported.

import { type Command, Option } from "commander";
import type { FileBody, RetryBody, SourceBody } from "../../features/import/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { plainText } from "../output/plain-text.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderAge, renderInstant } from "../output/render-time.ts";
import { headerRegionsValue, type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { addProfileOptions, addStrictOptions, type ProfileFlags } from "./archive-profile-options.ts";
import { addTrustCommands, TRUSTED_KEY_COLUMNS } from "./trusted-key-options.ts";

interface ChangeFlags extends ProfileFlags {
  readonly indexUrl?: string;
  readonly baseUrl?: string;
  readonly headerRegions?: string[];
  readonly traveler?: boolean;
  readonly privateAddresses?: boolean;
  readonly from?: string;
  readonly until?: InstantOrNever;
}

export function addSourceCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("source").description("other servers whose keys are imported");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>");

  const add = named("add", "import the keys of another server, once one of its keys is trusted")
    .requiredOption("--index-url <url>", "of its index")
    .requiredOption("--base-url <url>", "archives are fetched below it")
    .requiredOption("--region <region>", "every key gets it");
  addChangeOptions(add, surroundings);
  onServer(add, surroundings, async (call, name: string, flags: ChangeFlags & { region: string }) => {
    show(call, await call.client.post("/v1/sources", { name, region: flags.region, ...changeFrom(flags) }));
  });

  addTrustCommands(group, "sources", surroundings);

  listOnServer(group.command("list").description("all sources"), surroundings, ({ showList, now }) =>
    showList<SourceBody>("/v1/sources", [
      { title: "name", value: ({ name }) => name },
      { title: "region", value: ({ region }) => region },
      { title: "index", value: ({ indexUrl }) => indexUrl, cut: true },
      { title: "reached", value: ({ check }) => renderAge(check.reachedAt, now) },
      { title: "complete", value: ({ files }) => files.complete },
      { title: "waiting", value: ({ files }) => files.waiting },
      { title: "quarantined", value: ({ files }) => files.quarantined },
      { title: "keys", value: ({ keys }) => keys.savedCount },
      { title: "last failure", value: ({ check }) => check.code ?? "-" },
    ]),
  );

  onServer(named("show", "one source and whom it trusts"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/sources/${name}`));
  });

  const change = named("change", "change a source")
    .option("--index-url <url>", "of its index")
    .option("--base-url <url>", "archives are fetched below it");
  addStrictOptions(addChangeOptions(change, surroundings)).option(
    "--no-traveler",
    "whose keys are not of people who travelled",
  );
  change.option("--no-private-addresses", "which is at a public address");
  onServer(change, surroundings, async (call, name: string, flags: ChangeFlags) => {
    show(call, await call.client.patch(path`/v1/sources/${name}`, changeFrom(flags)));
  });

  const files = named("files", "the archives that a source listed").addOption(
    new Option("--state <state>", "only these").choices(["all", "waiting", "complete", "quarantined"]),
  );
  listOnServer(files, surroundings, ({ showList, now }, name: string, { state }: { state?: string }) =>
    showList<FileBody>(
      path`/v1/sources/${name}/files`,
      [
        { title: "line", value: ({ line }) => line, cut: true },
        { title: "state", value: (file) => file.state },
        { title: "reason", value: ({ reason }) => reason ?? "-" },
        { title: "attempts", value: ({ attempts }) => attempts },
        { title: "discovered", value: ({ discoveredAt }) => renderAge(discoveredAt, now) },
        { title: "completed", value: ({ completedAt }) => renderAge(completedAt, now) },
        { title: "next attempt", value: ({ nextAttemptAt }) => renderAge(nextAttemptAt, now) },
        { title: "saved", value: ({ savedCount }) => savedCount ?? "-" },
        { title: "refused", value: ({ refusedCount }) => refusedCount ?? "-" },
      ],
      { state },
    ),
  );

  const retry = named("retry", "try archives again at once: all that are quarantined or wait, or one").option(
    "--line <line>",
    "only this one",
  );
  onServer(retry, surroundings, async (call, name: string, { line }: { line?: string }) => {
    call.show(
      await call.client.post<RetryBody>(path`/v1/sources/${name}/retries`, { line }),
      ({ reopened }) => `due at once: ${reopened} archives\n`,
    );
  });

  const giveUp = named("give-up", "end a source that is ending although something of it is left");
  giveUp.requiredOption("--reason <text>", "why what is left is given up; kept with it");
  onServer(giveUp, surroundings, async (call, name: string, { reason }: { reason: string }) => {
    show(call, await call.client.post(path`/v1/sources/${name}/give-ups`, { reason }));
  });
}

function addChangeOptions(command: Command, { clock }: Surroundings): Command {
  command.option("--header-regions <regions>", "what an archive's header may say (the region)", headerRegionsValue);
  return addProfileOptions(command)
    .option("--traveler", "whose keys are of people who travelled")
    .option("--private-addresses", "which may be at an address that is not public")
    .option("--from <instant>", "from when on it is imported (now)", instantValue(clock))
    .option("--until <instant>", "until when, or never (never)", instantOrNeverValue(clock));
}

function changeFrom({ privateAddresses: allowPrivateAddresses, ...flags }: ChangeFlags): object {
  const { indexUrl, baseUrl, headerRegions, otherEntries, batchParts, onsetCodes, traveler, from, until } = flags;
  const profile = { headerRegions, otherEntries, batchParts, onsetCodes };
  return { indexUrl, baseUrl, ...profile, traveler, allowPrivateAddresses, from, until: until?.at };
}

function show(call: Call, body: SourceBody): void {
  call.show(body, () => render(body, call));
}

function render(body: SourceBody, { now, width }: Call): string {
  const { check, files, oldestWaiting, lastCompleted, keys } = body;
  const fields = renderFields([
    ["name", body.name],
    ["region", body.region],
    ["index", body.indexUrl],
    ["archives below", body.baseUrl],
    ["header regions", body.headerRegions.map((region) => region || "(none)").join(", ")],
    ["other entries", body.otherEntries.join(", ")],
    ["parts of batches", body.batchParts],
    ["onset codes", body.onsetCodes],
    ["travelers", body.traveler],
    ["private addresses", body.allowPrivateAddresses],
    ["from", body.from],
    ["until", renderInstant(body.until, now)],
    ["life", body.life],
    ["ended", renderInstant(body.endedAt, now)],
    ["given up", body.givenUp && plainText(body.givenUp)],
    ["last check", check.checkedAt && `${check.outcome}, ${renderAge(check.checkedAt, now)}`],
    ["failure of it", check.code],
    ["reached", renderInstant(check.reachedAt, now)],
    ["unusable lines", check.refusedLineCount],
    ["complete", files.complete],
    ["waiting", files.waiting],
    ["quarantined", files.quarantined],
    ["oldest waiting", oldestWaiting && `${oldestWaiting.line}, ${renderAge(oldestWaiting.discoveredAt, now)}`],
    ["reason", oldestWaiting?.reason ?? null],
    ["last completed", lastCompleted && `${lastCompleted.line}, ${renderAge(lastCompleted.completedAt, now)}`],
    ["keys saved", keys.savedCount],
    ["keys refused", keys.refusedCount],
  ]);
  return fields + renderSection("Trusted keys", TRUSTED_KEY_COLUMNS, body.trustedKeys, width);
}
