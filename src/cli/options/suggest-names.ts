// The name that somebody meant who named a resource that the server does not have.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import { nearestName } from "../../platform/config/nearest-name.ts";
import type { AdminClient } from "../client/admin-client.ts";
import { NAMED_LISTS, namedListOf, namedListOfOption } from "../completion/named-lists.ts";

/** More are not told one by one. */
const MOST_TOLD = 12;

/** The error with the nearest known name, where it says that a resource which the command names is unknown. */
export async function withKnownNames(command: Command, client: AdminClient, error: CodedError): Promise<CodedError> {
  const list = Object.keys(NAMED_LISTS).find((kind) => unknownCodes(kind).includes(error.code));
  if (list === undefined) return error;
  const names = await namesOf(client, NAMED_LISTS[list as keyof typeof NAMED_LISTS]);
  const typed = typedNames(command, list).filter((name) => names !== null && !names.includes(name));
  if (names === null || typed.length === 0) return error;
  const remedy = [error.remedy, tellNames(typed[0] ?? "", names)].filter((part) => part !== undefined).join("\n");
  return new CodedError(error.code, error.message, { cause: error, remedy });
}

function unknownCodes(kind: string): string[] {
  const word = kind.replaceAll("-", "_");
  return [`${word}_unknown`, `${word}_missing`];
}

/** Null where the server does not tell: the error itself says enough. */
async function namesOf(client: AdminClient, path: string): Promise<string[] | null> {
  try {
    return (await client.list<{ readonly name: string }>(path)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof CodedError) return null;
    throw error;
  }
}

function typedNames(command: Command, list: string): string[] {
  const inArguments = command.registeredArguments.map((argument, at): unknown =>
    namedListOf(command, argument) === list ? command.processedArgs[at] : undefined,
  );
  const inOptions = command.options.map((option): unknown =>
    namedListOfOption(option) === list ? command.getOptionValue(option.attributeName()) : undefined,
  );
  return [...inArguments, ...inOptions].flat().filter((value) => typeof value === "string");
}

/** "Did you mean …", or which ones there are. */
export function tellNames(typed: string, known: readonly string[]): string {
  const nearest = nearestName(typed, known);
  if (nearest !== null) return `Did you mean "${nearest}"?`;
  if (known.length === 0) return "There is none yet.";
  const told = known.slice(0, MOST_TOLD).join(", ");
  return known.length > MOST_TOLD ? `There are ${told} and ${known.length - MOST_TOLD} more.` : `There are: ${told}.`;
}
