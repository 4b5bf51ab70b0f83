// `enks export`: what is exported into which location, and how far that has come.

import { type Command, Option } from "commander";
import type { BackfillBody, ExportBody } from "../../features/export/admin-schemas.ts";
import { path } from "../client/admin-path.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { renderAge, renderDuration, renderInstant } from "../output/render-time.ts";
import {
  countValue,
  durationValue,
  type InstantOrNever,
  instantOrNeverValue,
  instantValue,
  namesValue,
} from "../parse/option-values.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { type Call, listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface ChangeFlags {
  readonly include?: string[];
  readonly exclude?: string[];
  readonly travelers?: string;
  readonly period?: number;
  readonly thru?: InstantOrNever;
  readonly maxRecords?: number;
  readonly minRecords?: number;
  readonly padding?: number;
}

interface CreateFlags extends ChangeFlags {
  readonly location: string;
  readonly region: string;
  readonly from?: string;
  readonly backfill?: number;
}

export function addExportCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("export").description("what is exported into which location");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>");
  const instant = instantValue(surroundings.clock);

  const create = named("create", "make an export")
    .requiredOption("--location <name>", "that publishes it")
    .requiredOption("--region <region>", "written into the archives")
    .option("--from <instant>", "where its first window begins (now)", instant)
    .option("--backfill <duration>", "how much from before goes into the first window, such as 14d", durationValue);
  addChangeOptions(create, surroundings);
  onServer(create, surroundings, async (call, name: string, flags: CreateFlags) => {
    const { location, region, from, backfill: backfillSeconds } = flags;
    const body = { name, location, region, from, backfillSeconds, ...changeFrom(flags) };
    show(call, await call.client.post("/v1/exports", body));
  });

  listOnServer(group.command("list").description("all exports"), surroundings, ({ showList, now }) =>
    showList<ExportBody>("/v1/exports", [
      { title: "name", value: ({ name }) => name },
      { title: "location", value: ({ location }) => location },
      { title: "regions", value: ({ includeRegions }) => includeRegions.join(","), cut: true },
      { title: "period", value: ({ periodSeconds }) => writeDuration(periodSeconds) },
      { title: "exported until", value: ({ exportedUntil }) => exportedUntil ?? "-" },
      { title: "lag", value: ({ lagSeconds }) => (lagSeconds === 0 ? "-" : renderDuration(lagSeconds)) },
      { title: "ends", value: ({ thru, endedAt }) => (endedAt === null ? renderAge(thru, now) : "ended") },
      { title: "last failure", value: ({ lastFailure }) => lastFailure?.code ?? "-" },
    ]),
  );

  onServer(named("show", "one export and its back-fills"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/exports/${name}`));
  });

  const change = addChangeOptions(named("change", "change an export"), surroundings);
  onServer(change, surroundings, async (call, name: string, flags: ChangeFlags) => {
    show(call, await call.client.patch(path`/v1/exports/${name}`, changeFrom(flags)));
  });

  const end = named("end", "let an export end: its last window ends there, however short it is").option(
    "--thru <instant>",
    "its end (now)",
    instant,
  );
  onServer(end, surroundings, async (call, name: string, { thru }: { thru?: string }) => {
    const body = { thru: thru ?? instant("now") };
    show(call, await call.client.patch(path`/v1/exports/${name}`, body));
  });

  const backfill = named("backfill", "hand the keys of a stretch to the location once more")
    .requiredOption("--from <instant>", "where it begins, such as -14d", instant)
    .option("--thru <instant>", "where it ends (now)", instant);
  onServer(backfill, surroundings, async (call, name: string, flags: { from: string; thru?: string }) => {
    const stretch = { from: flags.from, thru: flags.thru ?? instant("now") };
    const asked = await call.client.post<BackfillBody>(path`/v1/exports/${name}/backfills`, stretch);
    call.show(asked, ({ id, from, thru }) => `back-fill ${id}: from ${from} to ${thru}; the export's job does it\n`);
  });
}

function addChangeOptions(command: Command, { clock }: Surroundings): Command {
  return command
    .option("--include <regions>", 'keys of these, such as US,CA ("" for the own region alone)', namesValue)
    .option("--exclude <regions>", "no keys of these, whatever else they are", namesValue)
    .addOption(
      new Option("--travelers <which>", "by region alone, travelers of any region too, or none").choices([
        "region",
        "also",
        "never",
      ]),
    )
    .option("--period <duration>", "how long its windows are, such as 4h; it divides a day", durationValue)
    .option("--thru <instant>", "where its last window ends, or never", instantOrNeverValue(clock))
    .option("--max-records <count>", "most keys in one archive", countValue)
    .option("--min-records <count>", "an archive with fewer keys is padded", countValue)
    .option("--padding <count>", "a random part of this is added to the least", countValue);
}

function changeFrom({ include, exclude, period, padding, ...same }: ChangeFlags): object {
  const { travelers, thru, maxRecords, minRecords } = same;
  return {
    includeRegions: include,
    excludeRegions: exclude,
    travelers,
    periodSeconds: period,
    thru: thru?.at,
    maxRecords,
    minRecords,
    paddingRange: padding,
  };
}

function show(call: Call, body: ExportBody): void {
  call.show(body, () => render(body, call));
}

function render(body: ExportBody, { now, width }: Call): string {
  const { totals, lastFailure, openWindow } = body;
  const fields = renderFields([
    ["name", body.name],
    ["location", body.location],
    ["region", body.region],
    ["includes", body.includeRegions.join(", ")],
    ["excludes", body.excludeRegions.join(", ")],
    ["travelers", body.travelers],
    ["period", writeDuration(body.periodSeconds)],
    ["from", body.from],
    ["thru", renderInstant(body.thru, now)],
    ["back-fill at first", body.backfillSeconds === 0 ? null : writeDuration(body.backfillSeconds)],
    ["keys in an archive", `${body.minRecords} to ${body.maxRecords}, padding up to ${body.paddingRange} more`],
    ["exported until", renderInstant(body.exportedUntil, now)],
    ["open window", openWindow && `${openWindow.start} to ${openWindow.end}`],
    ["ended", renderInstant(body.endedAt, now)],
    ["lag", renderDuration(body.lagSeconds)],
    ["archives", totals.archives],
    ["keys", totals.primaries],
    ["revised keys", totals.revised],
    ["left out", totals.leftOut],
    ["padding", totals.generated],
    ["last failure", lastFailure && `${lastFailure.code}, ${renderAge(lastFailure.at, now)}: ${lastFailure.message}`],
  ]);
  const backfills = renderSection(
    "Back-fills",
    [
      { title: "id", value: ({ id }) => String(id) },
      { title: "from", value: ({ from }) => from },
      { title: "thru", value: ({ thru }) => thru },
      { title: "done until", value: ({ cursor, completedAt }) => (completedAt === null ? (cursor ?? "-") : "all") },
      { title: "archives", value: ({ archives }) => archives },
      { title: "keys", value: ({ primaries }) => primaries },
    ],
    body.backfills,
    width,
  );
  return fields + backfills;
}
