// `enks demo`: carries out a migration in front of the user; needs no server.

import type { Command } from "commander";
import { CodedError } from "../core/coded-error.ts";
import { SWITCHES } from "../simulation/demo/world.ts";
import type { DemoFlags } from "./demo/demo-options.ts";
import { runDemo } from "./demo/run-demo.ts";
import { namesValue } from "./parse/option-values.ts";
import type { Surroundings } from "./surroundings.ts";

const FAILED = 1;
const MISUSED = 2;

/** Adds `demo`; it ends with 0, with 1 when a verdict is bad, with 2 when misused, with 128 and its number by a signal. */
export function addDemoCommand(program: Command, { terminal }: Pick<Surroundings, "terminal">): void {
  program
    .command("demo")
    .description("live through a read-only migration: a state, a nation, four weeks, phones")
    .option("--details", "show every station of the keys and every kind of phone")
    .option("--seed <n>", "repeat a run", "1")
    .option("--report <file>", "write the closing report as JSON")
    .option("--keep <folder>", "leave the published trees there")
    .option("--switch-off <part>", `see the verdicts fail without: ${SWITCHES.join(", ")}`)
    .option("--archives <folder>", "take the state's second location from archives that another server wrote")
    .option("--trusted-key <pem>", "with --archives: the public key of those archives")
    .option("--key-id <id>", "with --archives: its key id")
    .option("--key-version <version>", "with --archives: its key version")
    .option("--other-entries <names>", "with --archives: zip entries allowed beside the two of the format", namesValue)
    .option("--batch-parts", "with --archives: they may say they are one part of several")
    .option("--onset-codes", "with --archives: days since onset beyond 14 are read as unknown")
    .option("--region <region>", "with --archives: the region of the archives")
    .option("--now <instant>", "with --archives: where the virtual clock starts")
    .action(async (flags: DemoFlags, command: Command) => {
      try {
        if (!(await runDemo(flags, terminal))) process.exitCode = FAILED;
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        if (error.code === "demo_options_invalid") command.error(`error: ${error.message}`, { exitCode: MISUSED });
        terminal.writeError(`${error.code}: ${error.message}\n`);
        process.exitCode = FAILED;
      }
    });
}
