// Commands that have another name now: refused with the new one, so that a script says what to change.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { CommandErrorCode } from "../call.ts";
import { pathOf } from "../options/tell-refusal.ts";
import { endWithCode } from "../server-command.ts";

/** `now`: the command in its place, as it is called. */
export function addFormerName(group: Command, former: string, now: string): void {
  const command = group
    .command(former, { hidden: true })
    .description(`former name of \`${now}\`; refused`)
    .argument("[words...]")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments();
  command.action(() =>
    endWithCode(async () => {
      throw new CodedError<CommandErrorCode>("command_misused", `there is no "${pathOf(command)}"`, {
        remedy: `Call \`${now}\`.`,
      });
    }),
  );
}
