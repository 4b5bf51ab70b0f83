// `enks mirror`: other servers whose archives are published at one of our locations.

import { type Command, Option } from "commander";
import type { MirrorArchiveBody, MirrorBody } from "../../features/mirror/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { plainText } from "../output/plain-text.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderAge, renderDuration, renderInstant } from "../output/render-time.ts";
import { countValue, type InstantOrNever, instantOrNeverValue, instantValue } from "../parse/option-values.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { addProfileOptions, addStrictOptions, type ProfileFlags } from "./archive-profile-options.ts";
import {
  addTrustCommands,
  addTrustOptions,
  TRUSTED_KEY_COLUMNS,
  type TrustFlags,
  trustedKeyFrom,
} from "./trusted-key-options.ts";

interface ChangeFlags extends ProfileFlags {
  readonly indexUrl?: string;
  readonly baseUrl?: string;
  readonly maxRecords?: number;
  readonly privateAddresses?: boolean;
  readonly until?: InstantOrNever;
}

interface AddFlags extends ChangeFlags, TrustFlags {
  readonly location: string;
  readonly region: string;
  readonly method?: string;
  readonly from?: string;
}

export function addMirrorCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("mirror").description("other servers whose archives are published at a location");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>");
  const instant = instantValue(surroundings.clock);

  const add = named("add", "publish the archives of another server at a location")
    .requiredOption("--location <name>", "that is fed")
    .requiredOption("--index-url <url>", "of the other server's index")
    .requiredOption("--base-url <url>", "archives are fetched below it")
    .requiredOption("--region <region>", "written into resealed archives")
    .addOption(
      new Option("--method <how>", "as they are, or rebuilt under the location's seal (reseal)").choices([
        "copy",
        "reseal",
      ]),
    )
    .option("--from <instant>", "from when on (now)", instant);
  addChangeOptions(addTrustOptions(add, surroundings), surroundings);
  onServer(add, surroundings, async (call, name: string, flags: AddFlags) => {
    const { location, region, method, from } = flags;
    const trustedKeys = [await trustedKeyFrom(flags)];
    const body = { name, location, region, method, from, ...changeFrom(flags), trustedKeys };
    show(call, await call.client.post("/v1/mirrors", body));
  });

  addTrustCommands(group, "mirrors", surroundings);

  listOnServer(group.command("list").description("all mirrors"), surroundings, ({ showList, now }) =>
    showList<MirrorBody>("/v1/mirrors", [
      { title: "name", value: ({ name }) => name },
      { title: "location", value: ({ location }) => location },
      { title: "method", value: ({ method }) => method },
      { title: "index", value: ({ indexUrl }) => indexUrl, cut: true },
      { title: "last good run", value: ({ lastOkAt }) => renderAge(lastOkAt, now) },
      { title: "taken", value: ({ totals }) => totals.taken },
      { title: "waiting", value: ({ waitingLines }) => waitingLines ?? "-" },
      { title: "lag", value: ({ lagSeconds }) => (lagSeconds ? renderDuration(lagSeconds) : "-") },
      { title: "ends", value: ({ until }) => renderAge(until, now) },
      { title: "last error", value: ({ lastError }) => lastError ?? "-" },
    ]),
  );

  onServer(named("show", "one mirror and whom it trusts"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/mirrors/${name}`));
  });

  const archives = named("archives", "what a mirror has handed over");
  listOnServer(archives, surroundings, ({ showList, now }, name: string) =>
    showList<MirrorArchiveBody>(path`/v1/mirrors/${name}/archives`, [
      { title: "line", value: ({ line }) => line, cut: true },
      { title: "window end", value: ({ windowEnd }) => windowEnd },
      { title: "taken", value: ({ takenAt }) => renderAge(takenAt, now) },
      { title: "keys", value: ({ primaries }) => primaries },
      { title: "revised", value: ({ revised }) => revised },
      { title: "left out", value: ({ leftOut }) => leftOut },
      { title: "refused", value: ({ refused }) => refused },
      { title: "published as", value: ({ locationLine }) => locationLine ?? "-", cut: true },
      { title: "passed by", value: ({ passedBy }) => passedBy ?? "-", cut: true },
    ]),
  );

  const passBy = named("pass-by", "let a mirror pass by an archive that can never be had; its keys are given up")
    .argument("<line>", "as the source lists it")
    .requiredOption("--reason <text>", "kept with it");
  onServer(passBy, surroundings, async (call, name: string, line: string, { reason }: { reason: string }) => {
    const passed = await call.client.post<MirrorArchiveBody>(path`/v1/mirrors/${name}/passed-lines`, { line, reason });
    call.show(passed, () => `passed by: ${plainText(line)}\n`);
  });

  const end = named("end", "take what is listed by then, and nothing more; what was published stays").option(
    "--until <instant>",
    "its end (now)",
    instant,
  );
  onServer(end, surroundings, async (call, name: string, { until }: { until?: string }) => {
    show(call, await call.client.patch(path`/v1/mirrors/${name}`, { until: until ?? instant("now") }));
  });

  const giveUp = named("give-up", "end a mirror that is ending although something that was listed is not taken");
  giveUp.requiredOption("--reason <text>", "why what is left is given up; kept with it");
  onServer(giveUp, surroundings, async (call, name: string, { reason }: { reason: string }) => {
    show(call, await call.client.post(path`/v1/mirrors/${name}/give-ups`, { reason }));
  });

  const change = named("change", "change a mirror")
    .option("--index-url <url>", "of the other server's index")
    .option("--base-url <url>", "archives are fetched below it");
  addStrictOptions(addChangeOptions(change, surroundings)).option(
    "--no-private-addresses",
    "which is at a public address",
  );
  onServer(change, surroundings, async (call, name: string, flags: ChangeFlags) => {
    show(call, await call.client.patch(path`/v1/mirrors/${name}`, changeFrom(flags)));
  });
}

function addChangeOptions(command: Command, { clock }: Surroundings): Command {
  return addProfileOptions(command)
    .option("--max-records <count>", "most keys in one archive of the history", countValue)
    .option("--private-addresses", "which may be at an address that is not public")
    .option("--until <instant>", "until when, or never (never)", instantOrNeverValue(clock));
}

function changeFrom({ privateAddresses: allowPrivateAddresses, ...flags }: ChangeFlags): object {
  const { indexUrl, baseUrl, maxRecords, otherEntries, batchParts, onsetCodes, until } = flags;
  const profile = { otherEntries, batchParts, onsetCodes };
  return { indexUrl, baseUrl, maxRecords, ...profile, allowPrivateAddresses, until: until?.at };
}

function show(call: Call, body: MirrorBody): void {
  call.show(body, () => render(body, call));
}

function render(body: MirrorBody, { now, width }: Call): string {
  const { source, history, totals } = body;
  const fields = renderFields([
    ["name", body.name],
    ["location", body.location],
    ["method", body.method],
    ["region", body.region],
    ["index", body.indexUrl],
    ["archives below", body.baseUrl],
    ["most keys in an archive", body.maxRecords],
    ["private addresses", body.allowPrivateAddresses],
    ["other entries", body.otherEntries.join(", ")],
    ["parts of batches", body.batchParts],
    ["onset codes", body.onsetCodes],
    ["from", body.from],
    ["until", renderInstant(body.until, now)],
    ["life", body.life],
    ["ended", renderInstant(body.endedAt, now)],
    ["given up", body.givenUp && plainText(body.givenUp)],
    ["last run", renderInstant(body.lastRunAt, now)],
    ["last good run", renderInstant(body.lastOkAt, now)],
    ["last error", body.lastError],
    ["index read", renderInstant(source.listedAt, now)],
    ["listed until", renderInstant(source.newestWindowEnd, now)],
    ["taken until", renderInstant(body.newestWindowEnd, now)],
    ["last taken", renderInstant(body.lastTakenAt, now)],
    ["waiting", body.waitingLines],
    ["lag", body.lagSeconds === null ? null : renderDuration(body.lagSeconds)],
    ["history", history.doneAt === null ? `${history.takenLines} of ${history.listedLines ?? "?"}` : "complete"],
    ["archives taken", totals.taken],
    ["passed by", totals.passedBy],
    ["archives published", totals.archives],
    ["keys", totals.primaries],
    ["revised keys", totals.revised],
    ["left out", totals.leftOut],
    ["refused", totals.refused],
  ]);
  return fields + renderSection("Trusted keys", TRUSTED_KEY_COLUMNS, body.trustedKeys, width);
}
