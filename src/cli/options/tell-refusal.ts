// A server's refusal in the words of the command that it answers: options and arguments instead of members of a body.

import type { Argument, Command, Option } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import { BodyArgument, BodyOption } from "./body-option.ts";

/** "body/seal/publicKeyPem: is missing" */
const PLACE = /^(body|query|path)((?:\/[^/:\s]+)+): (.+)$/s;
/** Names such as `publicKeyPem` in a sentence; a single word may be plain English. */
const MEMBER = /(?<![\w/-])[a-z]+(?:[A-Z][a-z0-9]*)+(?![\w/-])/g;

/** The same error; what `command` does not know by other words stays. */
export function inWordsOfOptions(command: Command, error: CodedError): CodedError {
  const [, part, place = "", why] = PLACE.exec(error.message) ?? [];
  const named = part === undefined ? null : flagsOf(command, part, place.slice(1));
  const message = named === null ? withFlags(command, error.message) : `${named}: ${why}`;
  const remedy = named === null ? error.remedy && withFlags(command, error.remedy) : helpOf(command);
  if (message === error.message && remedy === error.remedy) return error;
  return new CodedError(error.code, message, { cause: error, ...(remedy === undefined ? {} : { remedy }) });
}

function flagsOf(command: Command, part: string, place: string): string | null {
  const found = part === "body" ? fillersOf(command, place) : namedLike(command, part, place);
  return found.length === 0 ? null : [...new Set(found)].join(" or ");
}

/** Those that fill the place, or that it lies in; otherwise those that fill a part of it. */
function fillersOf(command: Command, place: string): string[] {
  const fillers = [
    ...command.options.filter((option) => option instanceof BodyOption).map((one) => [one.fills, flagOf(one)] as const),
    ...command.registeredArguments
      .filter((argument) => argument instanceof BodyArgument)
      .map((one) => [one.fills, argumentText(one)] as const),
  ].filter(([, flag]) => flag !== "");
  const around = fillers.filter(([filled]) => place === filled || place.startsWith(`${filled}/`));
  const inside = fillers.filter(([filled]) => filled.startsWith(`${place}/`));
  return (around.length > 0 ? around : inside).map(([, flag]) => flag);
}

/** Members of a query have the names of options, those of a path of arguments; a last one that has another is its own. */
function namedLike(command: Command, part: string, name: string): string[] {
  const option = command.options.find(({ long }) => long === `--${name}`);
  if (part === "query" && option !== undefined) return [flagOf(option)];
  const named = command.registeredArguments.find((argument) => argument.name() === name);
  const argument = named ?? command.registeredArguments.at(-1);
  return argument === undefined ? [] : [argumentText(argument)];
}

/** Empty for the one that only takes another back. */
function flagOf(option: Option): string {
  return option.negate ? "" : (option.long ?? option.short ?? "");
}

function argumentText(argument: Argument): string {
  return `<${argument.name()}>`;
}

function withFlags(command: Command, text: string): string {
  return text.replaceAll(MEMBER, (member) => {
    const found = command.options.find(
      (option) => option instanceof BodyOption && !option.negate && option.fills.split("/").at(-1) === member,
    );
    return found?.long ?? member;
  });
}

function helpOf(command: Command): string {
  return `\`${pathOf(command)} --help\` says what it takes.`;
}

/** "enks location create" */
export function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
