// `enks source`: other servers whose keys are imported.

import { type Command, Option } from "commander";
import type { FileBody, RetryBody, SourceBody } from "../../features/import/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, fills, forChange } from "../options/body-option.ts";
import { renderAge, renderSince } from "../output/render-time.ts";
import { headerRegionsValue, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { addProfileOptions, addStrictOptions } from "./archive-profile-options.ts";
import { renderSource } from "./render-source.ts";
import { addSkipCommands } from "./skip-commands.ts";
import { addTrustCommands, addTrustOptions } from "./trusted-key-options.ts";

const NAME = "the source";
const TRUSTED_AT_ONCE = { place: "trustedKeys/0/", isMandatory: false };

export function addSourceCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("source").description("sources: other servers whose keys are imported");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);

  const add = group
    .command("add")
    .description("import the keys of another server, as soon as one of its public keys is trusted")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(indexUrl().makeOptionMandatory())
    .addOption(baseUrl().makeOptionMandatory())
    .addOption(
      fills(
        "region",
        "--region <region>",
        "region under which its keys are stored, such as US-WA",
      ).makeOptionMandatory(),
    );
  add.addOption(
    fills(
      "supplier",
      "--supplier <name>",
      "organisation whose listing it is; listings of one share keys and trust (one of the source's name)",
    ),
  );
  addChangeOptions(addTrustOptions(add, surroundings, TRUSTED_AT_ONCE), surroundings);
  onServer(add, surroundings, async (call) => {
    show(call, await call.client.post("/v1/sources", await call.body()));
  });

  addTrustCommands(group, "sources", surroundings);

  listOnServer(group.command("list").description("list all sources"), surroundings, ({ showList, now }) =>
    showList<SourceBody>("/v1/sources", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "supplier", value: ({ supplier }) => supplier, whole: true },
      { title: "region", value: ({ region }) => region },
      { title: "index", value: (source) => source.indexUrl, whole: true },
      { title: "reached", value: ({ check }) => renderSince(check.reachedAt, now()) },
      { title: "complete", value: ({ files }) => files.complete },
      { title: "waiting", value: ({ files }) => files.waiting },
      { title: "quarantined", value: ({ files }) => files.quarantined },
      { title: "keys", value: ({ keys }) => keys.savedCount },
      { title: "last failure", value: ({ check }) => check.code ?? "-" },
    ]),
  );

  onServer(
    named("show", "show one source and the public keys that it trusts"),
    surroundings,
    async (call, name: string) => {
      show(call, await call.client.get(path`/v1/sources/${name}`));
    },
  );

  const change = named("change", "change a source").addOption(indexUrl()).addOption(baseUrl());
  addStrictOptions(addChangeOptions(change, surroundings))
    .addOption(fills("traveler", "--no-traveler", "its keys are not of travellers"))
    .addOption(fills("allowPrivateAddresses", "--no-private-addresses", "fetch from public addresses only"));
  onServer(forChange(change), surroundings, async (call, name: string) => {
    show(call, await call.client.patch(path`/v1/sources/${name}`, await call.changes()));
  });

  const files = named("files", "list the archives that a source lists, and what became of each").addOption(
    new Option("--state <state>", "only those in this state (all)").choices([
      "all",
      "waiting",
      "complete",
      "quarantined",
      "skipped",
    ]),
  );
  listOnServer(files, surroundings, ({ showList, now }, name: string, { state }: { state?: string }) =>
    showList<FileBody>(
      path`/v1/sources/${name}/files`,
      [
        { title: "line", value: ({ line }) => line, whole: true },
        { title: "state", value: (file) => file.state },
        { title: "reason", value: ({ reason }) => reason ?? "-" },
        { title: "attempts", value: ({ attempts }) => attempts },
        { title: "discovered", value: ({ discoveredAt }) => renderSince(discoveredAt, now()) },
        { title: "completed", value: ({ completedAt }) => renderSince(completedAt, now()) },
        { title: "next attempt", value: ({ nextAttemptAt }) => renderAge(nextAttemptAt, now()) },
        { title: "saved", value: ({ savedCount }) => savedCount ?? "-" },
        { title: "refused", value: ({ refusedCount }) => refusedCount ?? "-" },
      ],
      { state },
    ),
  );

  const retry = named("retry", "try archives again at once: all that wait or are quarantined, or one").addOption(
    fills("line", "--line <line>", "only the archive that this line of the index names"),
  );
  onServer(retry, surroundings, async (call, name: string) => {
    call.show(
      await call.client.post<RetryBody>(path`/v1/sources/${name}/retries`, await call.body()),
      ({ reopened }) => `due at once: ${reopened} archives\n`,
    );
  });

  addSkipCommands(group, "sources", surroundings);

  const giveUp = named(
    "give-up",
    "end a source that is ending although archives are left; they are not imported",
  ).addOption(
    fills("reason", "--reason <text>", "why what is left is given up; kept with the source").makeOptionMandatory(),
  );
  onServer(giveUp, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/sources/${name}/give-ups`, await call.body()));
  });
}

function indexUrl() {
  return fills("indexUrl", "--index-url <url>", "URL of the other server's index");
}

function baseUrl() {
  return fills("baseUrl", "--base-url <url>", "URL in front of each line of that index");
}

function addChangeOptions(command: Command, { clock }: Surroundings): Command {
  const headerRegions = fills(
    "headerRegions",
    "--header-regions <regions>",
    'regions that the headers of its archives may carry, "" for none (--region alone)',
    headerRegionsValue,
  );
  return addProfileOptions(command.addOption(headerRegions))
    .addOption(fills("traveler", "--traveler", "store its keys as those of travellers"))
    .addOption(
      fills(
        "allowPrivateAddresses",
        "--private-addresses",
        "allow URLs at addresses that are not public, such as 10.0.0.1",
      ),
    )
    .addOption(fills("from", "--from <instant>", "from when on it is imported (now)", instantValue(clock)))
    .addOption(
      fills("until", "--until <instant>", "until when it is imported, or never (never)", instantOrNeverValue(clock)),
    );
}

function show(call: Call, body: SourceBody): void {
  call.show(body, () => renderSource(body, call));
}
