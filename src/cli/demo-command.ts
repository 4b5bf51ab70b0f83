// `enks demo`: carries out a migration in front of the user; needs no server.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Command } from "commander";
import { CodedError } from "../core/coded-error.ts";
import type { BlobStore } from "../platform/blobs/blob-store.ts";
import { importFolder } from "../simulation/demo/import-folder.ts";
import { migrateState } from "../simulation/demo/migrate-state.ts";
import { SWITCHES } from "../simulation/demo/world.ts";
import { type DemoFlags, folderFrom, seedFrom, switchFrom } from "./demo/demo-options.ts";
import { renderReport } from "./demo/render-report.ts";
import { createTerminalNarrator } from "./demo/terminal-narrator.ts";

const FAILED = 1;
const MISUSED = 2;

/** Adds `demo`; it ends with 0, with 1 when a verdict is bad, with 2 when misused. */
export function addDemoCommand(program: Command): void {
  program
    .command("demo")
    .description("live through a read-only migration: a state, a nation, four weeks, phones")
    .option("--seed <n>", "repeat a run", "1")
    .option("--report <file>", "write the closing report as JSON")
    .option("--keep <folder>", "leave the published trees there")
    .option("--switch-off <part>", `see the verdicts fail without: ${SWITCHES.join(", ")}`)
    .option("--archives <folder>", "take the state's second location from archives that another server wrote")
    .option("--trusted-key <pem>", "with --archives: the public key of those archives")
    .option("--key-id <id>", "with --archives: its key id")
    .option("--key-version <version>", "with --archives: its key version")
    .option("--region <region>", "with --archives: the region of the archives")
    .option("--now <instant>", "with --archives: where the virtual clock starts")
    .action(async (flags: DemoFlags, command: Command) => {
      try {
        if (!(await runDemo(flags))) process.exitCode = FAILED;
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        if (error.code === "demo_options_invalid") command.error(`error: ${error.message}`, { exitCode: MISUSED });
        console.error(`${error.code}: ${error.message}`);
        process.exitCode = FAILED;
      }
    });
}

/** Whether every verdict is good. */
async function runDemo(flags: DemoFlags): Promise<boolean> {
  const seed = seedFrom(flags);
  const switchedOff = switchFrom(flags);
  const input = await folderFrom(flags);
  const narrator = createTerminalNarrator(process.stdout);
  const startedAt = performance.now();
  const onTrees = async (stores: readonly BlobStore[]) => {
    if (flags.keep !== undefined) await keepTrees(stores, flags.keep);
  };
  const options = { seed, switchedOff, narrator, onTrees };
  const report = await (input ? importFolder({ ...options, ...input }) : migrateState(options));
  narrator.end();
  if (flags.report !== undefined) await writeFile(flags.report, `${JSON.stringify(report, null, 2)}\n`);
  console.log(renderReport(report));
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(report.good ? `  All is well, after ${seconds} s.\n` : `  Something is wrong, after ${seconds} s.\n`);
  return report.good;
}

/** The published trees as folders: `state-client`, `state-second` where there is one, `national`. */
async function keepTrees(stores: readonly BlobStore[], keep: string): Promise<void> {
  for (const store of stores) {
    for (const name of await store.list("")) {
      const object = await store.get(name);
      if (object === null) continue;
      const file = join(keep, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, object.bytes);
    }
  }
}
