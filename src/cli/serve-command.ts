// `enks serve`: runs a server in its data folder until it is told to stop.

import type { Command } from "commander";
import { SERVE_EXIT_CODES } from "../core/exit-codes.ts";
import { type LoadedConfig, loadConfig } from "../platform/config/load-config.ts";
import { renderSettings, showSettings } from "../platform/config/show-config.ts";
import { jsonText } from "./output/plain-text.ts";
import { tellError } from "./output/tell-error.ts";
import { folderFrom } from "./serve/choose-folder.ts";
import { runServer } from "./serve/run-server.ts";
import { endWithCode } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

interface ServeFlags {
  readonly clockIsRight?: true;
  readonly printConfig?: true;
  readonly json?: true;
}

export function addServeCommand(program: Command, surroundings: Surroundings): void {
  const serve = program
    .command("serve")
    .description("run a server in its data folder")
    .argument("[folder]", "data folder that `enks init` made (ENKS_DATA_FOLDER, or .enks)")
    .option(
      "--clock-is-right",
      "take this machine's clock as it is, whatever the last record, the database or other servers say",
    )
    .option("--print-config", "print the settings in force, without secrets, and exit")
    .option("--json", "log JSON, whatever the setting logForm says; with --print-config print JSON")
    .addHelpText("after", `\n${SERVE_EXIT_CODES}`);
  serve.action((given: string | undefined, flags: ServeFlags) =>
    endWithCode(async () => {
      const loaded = loadConfig(folderFrom(given, surroundings), surroundings.environment);
      const asJson = flags.json === true;
      if (flags.printConfig !== true) {
        return runServer(asJson ? loggingJson(loaded) : loaded, surroundings, {
          isClockCalledRight: flags.clockIsRight === true,
          say: (error) => surroundings.terminal.writeError(tellError(error, asJson)),
        });
      }
      const settings = showSettings(loaded);
      surroundings.terminal.write(asJson ? jsonText(settings) : renderSettings(settings));
      return 0;
    }),
  );
}

function loggingJson(loaded: LoadedConfig): LoadedConfig {
  return { ...loaded, config: { ...loaded.config, logForm: "json" } };
}
