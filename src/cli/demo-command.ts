// `enks demo`: carries out a migration in front of the user; needs no server.

import type { Command } from "commander";
import { SWITCHES } from "../simulation/demo/world.ts";
import type { DemoFlags } from "./demo/demo-options.ts";
import { runDemo } from "./demo/run-demo.ts";
import { namesValue } from "./parse/option-values.ts";
import { endWithCode, REFUSED } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds `demo`; it ends with 0, with 1 when a verdict is bad, with 2 when misused, with 128 and its number by a signal. */
export function addDemoCommand(program: Command, { terminal }: Pick<Surroundings, "terminal">): void {
  program
    .command("demo")
    .description("live through a read-only migration: a state, a nation, four weeks, phones")
    .option("--details", "show every station of the keys and every kind of phone")
    .option("--json", "print the closing report as JSON, for programs; errors too")
    .option("--seed <n>", "repeat the run with this seed", "1")
    .option("--report <file>", "also write the closing report as JSON to this file")
    .option("--keep <folder>", "write the published trees to this folder")
    .option("--switch-off <part>", `take a part out, to see the verdicts fail: ${SWITCHES.join(", ")}`)
    .option("--archives <folder>", "import archives that another server wrote: a folder with an index.txt")
    .option("--trusted-key <pem>", "with --archives: PEM file with their public key")
    .option("--key-id <id>", "with --archives: key id that they carry")
    .option("--key-version <version>", "with --archives: key version that they carry")
    .option("--other-entries <names>", "with --archives: entries that their zips may have besides the two", namesValue)
    .option("--batch-parts", "with --archives: allow those that say they are one part of several")
    .option("--onset-codes", "with --archives: read days since onset beyond 14 as unknown")
    .option("--region <region>", "with --archives: their region")
    .option("--now <instant>", "with --archives: where the virtual clock starts, such as 2026-11-23T06:00:00Z")
    .action((flags: DemoFlags) => endWithCode(async () => ((await runDemo(flags, terminal)) ? 0 : REFUSED)));
}
