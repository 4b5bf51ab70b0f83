// What may stand where a person asks the shell to complete, by the tree of commands.

import type { Command, Option } from "commander";
import { type NamedList, namedListOf, namedListOfOption } from "./named-lists.ts";

export interface Candidate {
  readonly word: string;
  readonly description: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names of these may stand there, too. */
  readonly names: NamedList | null;
}

/** `words` are those behind the program's name; the last one, perhaps empty, is to be completed. */
export function completeWords(program: Command, words: readonly string[]): Completion {
  const last = words.at(-1) ?? "";
  let command = program;
  let open: Option | null = null;
  let position = 0;
  for (const word of words.slice(0, -1)) {
    if (open !== null) open = null;
    else if (word.startsWith("-")) open = valueOption(command, word);
    else {
      const found: Command | undefined = command.commands.find((one) => one.name() === word);
      if (found) command = found;
      else position++;
    }
  }
  if (open !== null) return named(open.argChoices, namedListOfOption(open), last);
  if (last.startsWith("-")) return { candidates: startingWith(last, optionsOf(command)), names: null };
  if (command.commands.length > 0) return { candidates: startingWith(last, commandsOf(command)), names: null };
  const argument = command.registeredArguments[position];
  return named(argument?.argChoices, argument ? namedListOf(command, argument) : null, last);
}

function named(choices: readonly string[] | undefined, names: NamedList | null, last: string): Completion {
  const candidates = (choices ?? []).map((word) => ({ word, description: "" }));
  return { candidates: startingWith(last, candidates), names };
}

/** The option of this flag when its value is the next word. */
function valueOption(command: Command, flag: string): Option | null {
  const found = command.options.find(({ long, short }) => long === flag || short === flag);
  return found && (found.required || found.optional) ? found : null;
}

function commandsOf(command: Command): Candidate[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.map((one) => ({ word: one.name(), description: one.description() }));
}

function optionsOf(command: Command): Candidate[] {
  const shown = command.createHelp().visibleOptions(command);
  return shown.map(({ long, short, description }) => ({ word: long ?? short ?? "", description }));
}

export function startingWith(start: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(start));
}
