// What may stand where a person asks the shell to complete, by the tree of commands.

import type { Argument, Command, Option } from "commander";

export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** Lists of which the server knows the names. */
export const NAMED_LISTS = {
  principal: "/v1/principals",
  "signing-key": "/v1/signing-keys",
  location: "/v1/locations",
  export: "/v1/exports",
  source: "/v1/sources",
  mirror: "/v1/mirrors",
  authority: "/v1/authorities",
  app: "/v1/apps",
  job: "/v1/jobs",
} as const;
export type NamedList = keyof typeof NAMED_LISTS | "profile";

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Names of these may stand there, too. */
  readonly names: NamedList | null;
}

/** What commands of these names make is not there yet. */
const MAKING: ReadonlySet<string> = new Set(["create", "add"]);
const NAMED_OPTIONS = new Map<string, NamedList>([
  ["location", "location"],
  ["signingKey", "signing-key"],
  ["source", "source"],
  ["authorities", "authority"],
  ["profile", "profile"],
]);

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
  if (open !== null) return named(open.argChoices, NAMED_OPTIONS.get(open.attributeName()) ?? null, last);
  if (last.startsWith("-")) return { candidates: startingWith(last, optionsOf(command)), names: null };
  if (command.commands.length > 0) return { candidates: startingWith(last, commandsOf(command)), names: null };
  const argument = command.registeredArguments[position];
  return named(argument?.argChoices, argument ? namedList(command, argument) : null, last);
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

function namedList(command: Command, argument: Argument): NamedList | null {
  const group = command.parent?.name() ?? "";
  if (argument.name() !== "name" || MAKING.has(command.name())) return null;
  return group === "profile" || group in NAMED_LISTS ? (group as NamedList) : null;
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
