// `enks help`: explains the program, a group or a command, however deep.

import type { Argument, Command, Option } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { CommandErrorCode } from "../call.ts";
import { tellNames } from "../options/suggest-names.ts";
import { pathOf } from "../options/tell-refusal.ts";
import { jsonText } from "../output/plain-text.ts";
import { addJsonOption, endWithCode } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";

export function addHelpCommand(program: Command, { terminal }: Surroundings): void {
  const help = program
    .helpCommand(false)
    .command("help")
    .description("explain a command, such as `enks help location create`")
    .argument("[command...]", "its words; none for the list of all commands");
  addJsonOption(help).action((words: string[], flags: { readonly json?: true }) =>
    endWithCode(async () => {
      const found = findCommand(program, words);
      if (flags.json) terminal.write(jsonText(describe(found)));
      else found.outputHelp();
    }),
  );
}

/** Throws `command_misused` with the nearest command. */
function findCommand(program: Command, words: readonly string[]): Command {
  let found = program;
  for (const word of words) {
    const known = visibleBelow(found);
    const next = known.find((one) => one.name() === word);
    if (next === undefined) {
      throw new CodedError<CommandErrorCode>("command_misused", `"${pathOf(found)}" has no command "${word}"`, {
        remedy: tellNames(
          word,
          known.map((one) => one.name()),
        ),
      });
    }
    found = next;
  }
  return found;
}

function visibleBelow(command: Command): Command[] {
  return command.createHelp().visibleCommands(command);
}

function describe(command: Command): object {
  return {
    command: pathOf(command),
    description: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    options: command.createHelp().visibleOptions(command).map(describeOption),
    commands: visibleBelow(command).map((one) => ({ name: one.name(), description: one.description() })),
  };
}

function describeArgument(argument: Argument): object {
  const { description, required, variadic, argChoices } = argument;
  return { name: argument.name(), description, required, variadic, ...(argChoices && { choices: argChoices }) };
}

function describeOption({ flags, description, mandatory, argChoices }: Option): object {
  return { flags, description, required: mandatory, ...(argChoices && { choices: argChoices }) };
}
