// `enks exposures`: how many exposure keys there are, and test keys on request.

import { type Command, Option } from "commander";
import type { GenerationBody, KeyTotalsBody } from "../../features/exposures/admin-schemas.ts";
import { renderFields } from "../output/render-fields.ts";
import { renderAge } from "../output/render-time.ts";
import { countValue, durationValue, namesValue, shareValue } from "../parse/option-values.ts";
import { onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

interface GenerateFlags {
  readonly regions: string[];
  readonly persons: number;
  readonly keysPerPerson?: number;
  readonly traveler?: true;
  readonly reportType?: string;
  readonly revisedShare?: number;
  readonly reviseAfter?: number;
}

export function addExposuresCommands(program: Command, surroundings: Surroundings): void {
  const group = program.command("exposures").description("exposure keys: counts, and test keys on request");

  onServer(group.command("totals").description("how many there are"), surroundings, async ({ client, show }) => {
    show(await client.get<KeyTotalsBody>("/v1/exposures/totals"), renderTotals);
  });

  const generate = group
    .command("generate")
    .description("make up keys for a test region; only a server that is configured for it does so")
    .requiredOption("--regions <regions>", "such as XX,XY", namesValue)
    .requiredOption("--persons <count>", "how many have reported", countValue)
    .option("--keys-per-person <count>", "one a day, from yesterday backwards (13)", countValue)
    .option("--traveler", "as keys of travelers")
    .addOption(
      new Option("--report-type <type>", "of all of them (mixed)").choices([
        "confirmed",
        "likely",
        "user-report",
        "mixed",
      ]),
    )
    .option("--revised-share <number>", "of the persons: confirmed or revoked later, from 0 to 1 (0)", shareValue)
    .option("--revise-after <duration>", "when that is (2h)", durationValue);
  onServer(generate, surroundings, async ({ client, show, now }, flags: GenerateFlags) => {
    const { reviseAfter: reviseAfterSeconds, ...body } = flags;
    const { regions, persons, keysPerPerson, traveler, reportType, revisedShare } = body;
    const request = { regions, persons, keysPerPerson, traveler, reportType, revisedShare, reviseAfterSeconds };
    show(await client.post<GenerationBody>("/v1/exposures/generation", request), ({ keys, revisions, reviseAt }) => {
      const later = revisions === 0 ? "" : `; ${revisions} are revised ${renderAge(reviseAt, now)}`;
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
