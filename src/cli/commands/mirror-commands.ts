// `enks mirror`: other servers whose archives are published at one of our locations.

import type { Command } from "commander";
import type { MirrorArchiveBody, MirrorBody } from "../../features/mirror/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, fills, forChange } from "../options/body-option.ts";
import { renderAge, renderDuration, renderSince } from "../output/render-time.ts";
import { countValue, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { addAcceptLossCommand } from "./accept-loss-command.ts";
import { addProfileOptions, addStrictOptions } from "./archive-profile-options.ts";
import { addFormerName } from "./former-name.ts";
import { renderMirror } from "./render-mirror.ts";
import { addSkipCommands } from "./skip-commands.ts";
import { addTrustCommands, addTrustOptions } from "./trusted-key-options.ts";

const NAME = "the mirror";

export function addMirrorCommands(program: Command, surroundings: Surroundings): void {
  const group = program
    .command("mirror")
    .description("mirrors: archives of other servers, published at a location of this one");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);
  const instant = instantValue(surroundings.clock);

  const add = group
    .command("add")
    .description("publish the archives of another server at a location of this one")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(fills("location", "--location <name>", "location that publishes them").makeOptionMandatory())
    .addOption(indexUrl().makeOptionMandatory())
    .addOption(baseUrl().makeOptionMandatory())
    .addOption(
      fills("region", "--region <region>", "region that resealed archives carry in their header; copies keep theirs"),
    )
    .addOption(
      fills(
        "method",
        "--method <how>",
        "copy publishes archives as they are, reseal builds them anew under the location's seal (reseal)",
      ).choices(["copy", "reseal"]),
    )
    .addOption(fills("from", "--from <instant>", "from when on it works (now)", instant));
  addChangeOptions(addTrustOptions(add, surroundings, { place: "trustedKeys/0/" }), surroundings);
  onServer(add, surroundings, async (call) => {
    show(call, await call.client.post("/v1/mirrors", await call.body()));
  });

  addTrustCommands(group, "mirrors", surroundings);

  listOnServer(group.command("list").description("list all mirrors"), surroundings, ({ showList, now }) =>
    showList<MirrorBody>("/v1/mirrors", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "location", value: ({ location }) => location, whole: true },
      { title: "method", value: ({ method }) => method },
      { title: "index", value: (mirror) => mirror.indexUrl, whole: true },
      { title: "last good run", value: ({ lastOkAt }) => renderSince(lastOkAt, now()) },
      { title: "taken", value: ({ totals }) => totals.taken },
      { title: "waiting", value: ({ waitingLines }) => waitingLines ?? "-" },
      { title: "lag", value: ({ lagSeconds }) => (lagSeconds ? renderDuration(lagSeconds) : "-") },
      { title: "ends", value: ({ until }) => renderAge(until, now()) },
      { title: "last error", value: ({ lastError }) => lastError ?? "-" },
    ]),
  );

  onServer(
    named("show", "show one mirror and the public keys that it trusts"),
    surroundings,
    async (call, name: string) => {
      show(call, await call.client.get(path`/v1/mirrors/${name}`));
    },
  );

  const archives = named("archives", "list the archives that a mirror took, the last first");
  listOnServer(archives, surroundings, ({ showList, now }, name: string) =>
    showList<MirrorArchiveBody>(path`/v1/mirrors/${name}/archives`, [
      { title: "line", value: ({ line }) => line, whole: true },
      { title: "window end", value: ({ windowEnd }) => windowEnd },
      { title: "taken", value: ({ takenAt }) => renderSince(takenAt, now()) },
      { title: "keys", value: ({ primaries }) => primaries },
      { title: "revised", value: ({ revised }) => revised },
      { title: "left out", value: ({ leftOut }) => leftOut },
      { title: "refused", value: ({ refused }) => refused },
      { title: "published as", value: ({ locationLine }) => locationLine ?? "-", whole: true },
    ]),
  );

  addSkipCommands(group, "mirrors", surroundings);
  addAcceptLossCommand(group, surroundings);
  addFormerName(group, "pass-by", "enks mirror skip NAME LINE --reason TEXT");

  const end = named("end", "take what is listed by then, and nothing more; what is published stays").addOption(
    fills("until", "--until <instant>", "when it ends (now, or as soon as it can)", instant),
  );
  onServer(end, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/mirrors/${name}/end`, await call.body()));
  });

  const giveUp = named(
    "give-up",
    "end a mirror that is ending although archives that were listed are not taken; they never are",
  ).addOption(
    fills("reason", "--reason <text>", "why what is left is given up; kept with the mirror").makeOptionMandatory(),
  );
  onServer(giveUp, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/mirrors/${name}/give-ups`, await call.body()));
  });

  const change = named("change", "change a mirror").addOption(indexUrl()).addOption(baseUrl());
  addStrictOptions(addChangeOptions(change, surroundings)).addOption(
    fills("allowPrivateAddresses", "--no-private-addresses", "fetch from public addresses only"),
  );
  onServer(forChange(change), surroundings, async (call, name: string) => {
    show(call, await call.client.patch(path`/v1/mirrors/${name}`, await call.changes()));
  });
}

function indexUrl() {
  return fills("indexUrl", "--index-url <url>", "URL of the other server's index");
}

function baseUrl() {
  return fills("baseUrl", "--base-url <url>", "URL in front of each line of that index");
}

function addChangeOptions(command: Command, { clock }: Surroundings): Command {
  return addProfileOptions(command)
    .addOption(
      fills("maxRecords", "--max-records <count>", "most keys in one archive of the history (500000)", countValue),
    )
    .addOption(
      fills(
        "allowPrivateAddresses",
        "--private-addresses",
        "allow URLs at addresses that are not public, such as 10.0.0.1",
      ),
    )
    .addOption(fills("until", "--until <instant>", "when it ends, or never (never)", instantOrNeverValue(clock)));
}

function show(call: Call, body: MirrorBody): void {
  call.show(body, () => renderMirror(body, call));
}
