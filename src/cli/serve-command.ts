// `enks serve`: runs a server in its data folder until it is told to stop.

import type { Command } from "commander";
import { SERVE_EXIT_CODES } from "../core/exit-codes.ts";
import { loadConfig } from "../platform/config/load-config.ts";
import { renderSettings, showSettings } from "../platform/config/show-config.ts";
import { folderFrom } from "./serve/choose-folder.ts";
import { runServer } from "./serve/run-server.ts";
import { endWithCode } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

export function addServeCommand(program: Command, surroundings: Surroundings): void {
  const serve = program
    .command("serve")
    .description("run a server in its data folder")
    .argument("[folder]", "the data folder that `enks init` has made (ENKS_DATA_FOLDER, or .enks)")
    .option(
      "--clock-is-right",
      "take this machine's clock as it is, whatever the last record, the database or other servers say",
    )
    .option("--print-config", "print the configuration that is in force, without secrets, and end")
    .addHelpText("after", `\n${SERVE_EXIT_CODES}`);
  serve.action((given: string | undefined, flags: { readonly printConfig?: true; readonly clockIsRight?: true }) =>
    endWithCode(serve, async () => {
      const loaded = loadConfig(folderFrom(given, surroundings), surroundings.environment);
      if (flags.printConfig !== true) return runServer(loaded, surroundings, flags.clockIsRight === true);
      surroundings.terminal.write(renderSettings(showSettings(loaded)));
      return 0;
    }),
  );
}
