// Options and arguments that declare which place of a request's body they fill: bodies are made of these declarations.

import { Argument, type Command, Option } from "commander";
import type { InstantOrNever } from "../parse/option-values.ts";
import { readText } from "../read-text.ts";

/** As an option has parsed it. */
type ToBody = (value: unknown) => unknown;

export class BodyOption extends Option {
  /** "periodSeconds", "seal/keyId", "trustedKeys/0/until". */
  readonly fills: string;
  readonly toBody: ToBody;

  constructor(place: string, flags: string, description: string, toBody: ToBody) {
    super(flags, description);
    this.fills = place;
    this.toBody = toBody;
  }
}

export class BodyArgument extends Argument {
  readonly fills: string;

  constructor(place: string, name: string, description: string) {
    super(name, description);
    this.fills = place;
  }
}

/** `parse` as commander has it: throws InvalidArgumentError. */
export function fills(
  place: string,
  flags: string,
  description: string,
  parse?: (text: string) => unknown,
): BodyOption {
  const option = new BodyOption(place, flags, description, (value) => (isInstantOrNever(value) ? value.at : value));
  return parse === undefined ? option : option.argParser(parse);
}

/** An option whose value names a file; its text fills the place. */
export function fillsFromFile(place: string, flags: string, description: string): BodyOption {
  return new BodyOption(place, flags, description, (file) => readText(String(file)));
}

/** Of a command that changes what is there: what no option names stays, so that there are no defaults to tell. */
export function forChange(command: Command): Command {
  for (const option of command.options) {
    if (option instanceof BodyOption) option.description = option.description.replace(/ \([^()]*\)$/, "");
  }
  return command;
}

function isInstantOrNever(value: unknown): value is InstantOrNever {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "at");
}

/** What the options and arguments that were given fill. Throws `input_unreadable`. */
export async function bodyOf(command: Command): Promise<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  for (const [at, argument] of command.registeredArguments.entries()) {
    const value: unknown = command.processedArgs[at];
    if (argument instanceof BodyArgument && value !== undefined) put(body, argument.fills.split("/"), value);
  }
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (option instanceof BodyOption && value !== undefined) {
      put(body, option.fills.split("/"), await option.toBody(value));
    }
  }
  return body;
}

function put(target: object, [step = "", ...rest]: readonly string[], value: unknown): void {
  const [next] = rest;
  if (next === undefined) {
    Reflect.set(target, step, value);
    return;
  }
  const known: unknown = Reflect.get(target, step);
  const inner = typeof known === "object" && known !== null ? known : /^\d+$/.test(next) ? [] : {};
  Reflect.set(target, step, inner);
  put(inner, rest, value);
}
