// One demo from its options to its report.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { importFolder } from "../../simulation/demo/import-folder.ts";
import { migrateState } from "../../simulation/demo/migrate-state.ts";
import { endOnSignal } from "../end-on-signal.ts";
import { jsonText } from "../output/plain-text.ts";
import { textWidth, wrapText } from "../output/wrap-text.ts";
import type { Terminal } from "../surroundings.ts";
import { writeOutput } from "../write-output.ts";
import { type DemoFlags, folderFrom, outputsFrom, seedFrom, switchFrom } from "./demo-options.ts";
import { renderDetails } from "./render-details.ts";
import { renderSummary } from "./render-report.ts";
import { renderScene } from "./scene.ts";
import { createTerminalNarrator } from "./terminal-narrator.ts";

/** Whether every verdict is good. Throws `demo_options_invalid` before anything happens. */
export async function runDemo(flags: DemoFlags, terminal: Terminal): Promise<boolean> {
  const seed = seedFrom(flags);
  const switchedOff = switchFrom(flags);
  const { report: file, keep } = await outputsFrom(flags);
  const input = await folderFrom(flags);
  // Standard output has the report alone where programs read it.
  const stage = flags.json === true ? standardError(terminal) : terminal;
  const style = { width: textWidth(stage.screen()?.columns), isDetailed: flags.details === true };
  const narrator = createTerminalNarrator(stage);
  // Everything is in memory: there is nothing else to leave behind.
  endOnSignal(() => narrator.end());
  stage.write(renderScene(input ? "archives" : "migration", style.width));
  const onTrees = (stores: readonly BlobStore[]) => (keep === null ? Promise.resolve() : keepTrees(stores, keep));
  const options = { seed, switchedOff, narrator, onTrees };
  const report = await (input ? importFolder({ ...options, ...input }) : migrateState(options)).finally(() =>
    narrator.end(),
  );
  if (file !== null) await writeOutput(file, `${JSON.stringify(report, null, 2)}\n`);
  if (flags.json === true) {
    terminal.write(jsonText(report));
    return report.good;
  }
  if (style.isDetailed) terminal.write(renderDetails(report, style.width));
  terminal.write(renderSummary(report, style));
  if (!style.isDetailed) terminal.write(wrapText(MORE, style.width));
  terminal.write("\n");
  return report.good;
}

function standardError(terminal: Terminal): Terminal {
  return {
    ...terminal,
    write: (text) => terminal.writeError(text),
    screen: () => (terminal.hasErrorScreen ? terminal.screen() : null),
  };
}

const MORE = "--details shows every station of the keys and every kind of phone.";

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
