// `enks exposures`: how many exposure keys there are, and test keys on request.

import type { Command } from "commander";
import type { GenerationBody, KeyTotalsBody } from "../../features/exposures/admin-schemas.ts";
import { fills } from "../options/body-option.ts";
import { renderFields } from "../output/render-fields.ts";
import { renderAge } from "../output/render-time.ts";
import { countValue, durationValue, namesValue, shareValue } from "../parse/option-values.ts";
import { onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

export function addExposuresCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("exposures").description("exposure keys: how many there are, and keys for tests");

  const totals = group.command("totals").description("count the stored exposure keys by their origin");
  onServer(totals, surroundings, async ({ client, show }) => {
    show(await client.get<KeyTotalsBody>("/v1/exposures/totals"), renderTotals);
  });

  const generate = group
    .command("generate")
    .description("make up keys for tests; only a server with the setting allowGeneratedKeys does so")
    .addOption(
      fills("regions", "--regions <regions>", "regions of the keys, such as XX,XY", namesValue).makeOptionMandatory(),
    )
    .addOption(fills("persons", "--persons <count>", "how many people report", countValue).makeOptionMandatory())
    .addOption(
      fills(
        "keysPerPerson",
        "--keys-per-person <count>",
        "keys of each, one a day from yesterday back (13)",
        countValue,
      ),
    )
    .addOption(fills("traveler", "--traveler", "make them keys of travellers"))
    .addOption(
      fills("reportType", "--report-type <type>", "report type of all of them (mixed)").choices([
        "confirmed",
        "likely",
        "user-report",
        "mixed",
      ]),
    )
    .addOption(
      fills(
        "revisedShare",
        "--revised-share <number>",
        "share of the people whose report is revised later, from 0 to 1 (0)",
        shareValue,
      ),
    )
    .addOption(fills("reviseAfterSeconds", "--revise-after <duration>", "how much later that is (2h)", durationValue));
  onServer(generate, surroundings, async (call) => {
    const made = await call.client.post<GenerationBody>("/v1/exposures/generation", await call.body());
    call.show(made, ({ persons, keys, revisions, reviseAt }) => {
      const later = revisions === 0 ? "" : `; ${revisions} are revised ${renderAge(reviseAt, call.now())}`;
      return `made up: ${keys} keys of ${persons} persons${later}\n`;
    });
  });
}

function renderTotals({ exact, total, byOrigin, awaitedRevisions }: KeyTotalsBody): string {
  return renderFields([
    [exact ? "exposure keys" : "exposure keys, about", total],
    ["  uploaded", byOrigin.upload],
    ["  imported", byOrigin.import],
    ["  federated", byOrigin.federation],
    ["  padding", byOrigin.padding],
    ["  test keys", byOrigin.test],
    ["revisions that wait for their original", awaitedRevisions],
  ]);
}
