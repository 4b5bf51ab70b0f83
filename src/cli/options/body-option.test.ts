// Bodies are what options and arguments say that they fill.

import { Command } from "commander";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import { instantOrNeverValue, namesValue } from "../parse/option-values.ts";
import { BodyArgument, bodyOf, fills } from "./body-option.ts";

async function bodyFrom(...words: string[]) {
  const command = new Command("x")
    .addArgument(new BodyArgument("name", "<name>", ""))
    .addOption(fills("seal/keyId", "--key-id <id>", ""))
    .addOption(fills("trustedKeys/0/keyId", "--trusted-id <id>", ""))
    .addOption(fills("trustedKeys/0/until", "--until <at>", "", instantOrNeverValue(createVirtualClock(0))))
    .addOption(fills("regions", "--regions <names>", "", namesValue))
    .addOption(fills("traveler", "--traveler", ""))
    .addOption(fills("traveler", "--no-traveler", ""))
    .option("--out <file>")
    .action(() => undefined);
  await command.parseAsync(words, { from: "user" });
  return bodyOf(command);
}

test("nothing but what was given is in them", async () => {
  expect(await bodyFrom("a", "--out", "x")).toEqual({ name: "a" });
});

test("places may be nested, lists, and null", async () => {
  const words = ["a", "--key-id", "1", "--trusted-id", "2", "--until", "never", "--regions", "X,Y", "--no-traveler"];
  expect(await bodyFrom(...words)).toEqual({
    name: "a",
    seal: { keyId: "1" },
    trustedKeys: [{ keyId: "2", until: null }],
    regions: ["X", "Y"],
    traveler: false,
  });
});
