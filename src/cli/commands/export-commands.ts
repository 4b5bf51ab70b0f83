// `enks export`: what is exported into which location, and how far that has come.

import type { Command } from "commander";
import type { BackfillBody, ExportBody } from "../../features/export/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { BodyArgument, fills, forChange } from "../options/body-option.ts";
import { renderAge, renderDuration } from "../output/render-time.ts";
import { countValue, durationValue, instantOrNeverValue, instantValue, namesValue } from "../parse/option-values.ts";
import { writeDuration } from "../parse/parse-duration.ts";
import { listOnServer, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { renderExport } from "./render-export.ts";

const NAME = "the export";

export function addExportCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("export").description("exports: which keys go into which location, and how often");
  const named = (words: string, description: string) =>
    group.command(words).description(description).argument("<name>", NAME);
  const instant = instantValue(surroundings.clock);

  const create = group
    .command("create")
    .description("export the keys of regions into a location from now on")
    .addArgument(new BodyArgument("name", "<name>", NAME))
    .addOption(fills("location", "--location <name>", "location that publishes the archives").makeOptionMandatory())
    .addOption(
      fills("region", "--region <region>", "region that the archives carry in their header").makeOptionMandatory(),
    )
    .addOption(fills("from", "--from <instant>", "where its first window begins (now)", instant))
    .addOption(
      fills(
        "backfillSeconds",
        "--backfill <duration>",
        "put this much from before --from into the first window, at most 16d (nothing)",
        durationValue,
      ),
    );
  addChangeOptions(create, surroundings);
  onServer(create, surroundings, async (call) => {
    show(call, await call.client.post("/v1/exports", await call.body()));
  });

  listOnServer(group.command("list").description("list all exports"), surroundings, ({ showList, now }) =>
    showList<ExportBody>("/v1/exports", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "location", value: ({ location }) => location, whole: true },
      { title: "regions", value: ({ includeRegions }) => includeRegions.join(","), whole: true },
      { title: "period", value: ({ periodSeconds }) => writeDuration(periodSeconds) },
      { title: "exported until", value: ({ exportedUntil }) => exportedUntil ?? "-" },
      { title: "lag", value: ({ lagSeconds }) => (lagSeconds === 0 ? "-" : renderDuration(lagSeconds)) },
      {
        title: "ends",
        value: ({ thru, life }) => (life === "ending" || life === "ended" ? life : renderAge(thru, now())),
      },
      { title: "last failure", value: ({ lastFailure }) => lastFailure?.code ?? "-" },
    ]),
  );

  onServer(named("show", "show one export and its back-fills"), surroundings, async (call, name: string) => {
    show(call, await call.client.get(path`/v1/exports/${name}`));
  });

  const change = forChange(
    addChangeOptions(named("change", "change an export; windows that are complete stay as they are"), surroundings),
  );
  onServer(change, surroundings, async (call, name: string) => {
    show(call, await call.client.patch(path`/v1/exports/${name}`, await call.changes()));
  });

  const end = named("end", "let an export end; the keys that run then follow when they have ended").addOption(
    fills("thru", "--thru <instant>", "where it ends (now, or as soon as it can)", instant),
  );
  onServer(end, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/exports/${name}/end`, await call.body()));
  });

  const giveUp = named(
    "give-up",
    "end an export that is ending although keys that ran at its end are not exported; they never are",
  ).addOption(fills("reason", "--reason <text>", "why they are given up; kept with the export").makeOptionMandatory());
  onServer(giveUp, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/exports/${name}/give-ups`, await call.body()));
  });

  const resume = named("continue", "let an export go on that has ended, with the keys that were released meanwhile");
  onServer(resume, surroundings, async (call, name: string) => {
    show(call, await call.client.post(path`/v1/exports/${name}/continuation`));
  });

  const backfill = named("backfill", "export a past stretch once more, as after a region was added")
    .addOption(
      fills("from", "--from <instant>", "where the stretch begins, such as -14d", instant).makeOptionMandatory(),
    )
    .addOption(fills("thru", "--thru <instant>", "where it ends (where the export has come to)", instant));
  onServer(backfill, surroundings, async (call, name: string) => {
    const asked = await call.client.post<BackfillBody>(path`/v1/exports/${name}/backfills`, await call.body());
    call.show(
      asked,
      ({ id, from, thru }) => `back-fill ${id}: from ${from} to ${thru}; the export's next run begins with it\n`,
    );
  });
}

function addChangeOptions(command: Command, { clock }: Surroundings): Command {
  return command
    .addOption(
      fills(
        "includeRegions",
        "--include <regions>",
        'keys of these regions, such as US,CA; "" means only those of its own region (its own region)',
        namesValue,
      ),
    )
    .addOption(
      fills(
        "excludeRegions",
        "--exclude <regions>",
        "leave out keys of these regions, whatever else they are",
        namesValue,
      ),
    )
    .addOption(
      fills(
        "travelers",
        "--travelers <which>",
        "keys of travellers: region treats them as all others, also adds those of any region, never leaves them out (also)",
      ).choices(["region", "also", "never"]),
    )
    .addOption(
      fills(
        "periodSeconds",
        "--period <duration>",
        "length of a window, such as 4h; it divides 24h (1d)",
        durationValue,
      ),
    )
    .addOption(fills("thru", "--thru <instant>", "where it ends, or never (never)", instantOrNeverValue(clock)))
    .addOption(fills("maxRecords", "--max-records <count>", "most keys in one archive (the server's)", countValue))
    .addOption(
      fills(
        "minRecords",
        "--min-records <count>",
        "pad archives with fewer keys up to this (the server's)",
        countValue,
      ),
    )
    .addOption(
      fills(
        "paddingRange",
        "--padding <count>",
        "add up to this many more, drawn at random, to hide how many are real (the server's)",
        countValue,
      ),
    );
}

function show(call: Call, body: ExportBody): void {
  call.show(body, () => renderExport(body, call));
}
