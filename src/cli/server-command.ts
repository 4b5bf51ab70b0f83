// What all commands that ask a server have in common: the options to reach it, its answers as text or JSON, exit codes.

import { type Command, CommanderError } from "commander";
import type { UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { EXIT_CODES } from "../core/exit-codes.ts";
import { type AdminClient, createAdminClient, type Query } from "./client/admin-client.ts";
import { chooseServer, type ServerFlags } from "./client/choose-server.ts";
import { profilesFile, readProfiles } from "./client/profiles.ts";
import { jsonText, plainLines } from "./output/plain-text.ts";
import { countValue, timeoutValue } from "./parse/option-values.ts";
import { type Column, renderTable } from "./render-table.ts";
import type { Surroundings } from "./surroundings.ts";

export const REFUSED = EXIT_CODES.refused;
export const MISUSED = EXIT_CODES.misused;
const UNREACHABLE = EXIT_CODES.unreachable;

/** Codes of commands that were called without what they need. */
const MISUSE = new Set([
  "server_unset",
  "server_url_invalid",
  "server_unprotected",
  "token_missing",
  "confirmation_missing",
  "upload_options_invalid",
]);

/** One call of a command. */
export interface Call {
  readonly client: AdminClient;
  readonly surroundings: Surroundings;
  readonly now: UnixSeconds;
  readonly asJson: boolean;
  /** Of the screen, in columns; undefined where there is none. */
  readonly width: number | undefined;
  print(this: void, text: string): void;
  /** Prints an answer as it is, or as `render` shows it to people. */
  show<Answer>(this: void, answer: Answer, render: (answer: Answer) => string): void;
  /** Prints all items of a list, or as many as --limit says. */
  showList<Item>(this: void, path: string, columns: readonly Column<Item>[], query?: Query): Promise<void>;
}

interface CommonFlags extends ServerFlags {
  readonly json?: true;
  readonly timeout?: number;
  readonly limit?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 60;

/**
 * Gives the command its action and the options of all such commands. `run` gets the command's arguments and options as
 * commander hands them on, and may answer an exit code.
 */
export function onServer(
  command: Command,
  surroundings: Surroundings,
  run: (call: Call, ...args: never[]) => Promise<number | void>,
): Command {
  return addServerOptions(command.option("--json", "print the API's answer")).action((...args: unknown[]) =>
    endWithCode(command, async () => {
      const call = await startCall(commonFlags(command), surroundings);
      // Behind arguments and options comes the command itself.
      return run(call, ...(args.slice(0, -1) as never[]));
    }),
  );
}

/** As `onServer`, for a command that prints a list. */
export function listOnServer(
  command: Command,
  surroundings: Surroundings,
  run: (call: Call, ...args: never[]) => Promise<void>,
): Command {
  return onServer(command.option("--limit <count>", "at most so many, instead of all", countValue), surroundings, run);
}

/** The program has them too, so that they can stand before a command as well as behind it. */
export function addServerOptions(command: Command): Command {
  return command
    .optionsGroup("Options to reach the server:")
    .option("--server <url>", "its admin listener (ENKS_SERVER)")
    .option("--token <token>", "of a principal (ENKS_TOKEN)")
    .option("--profile <name>", "server and token of a profile (ENKS_PROFILE)")
    .option("--insecure", "send the token over plain http to another machine")
    .option("--timeout <duration>", "how long to wait for an answer (60s)", timeoutValue);
}

/** Runs an action, prints its coded error, and ends with its exit code. */
export async function endWithCode(command: Command, action: () => Promise<number | void>): Promise<void> {
  let exitCode: number | void;
  try {
    exitCode = await action();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    command.error(errorText(error), {
      exitCode: exitCodeOf(error.code),
      code: error.code,
    });
  }
  if (exitCode) throw new CommanderError(exitCode, "enks.ended", "");
}

/** An error as commands print it: its code and sentence, and the way out on a line of its own. */
export function errorText(error: CodedError): string {
  const remedy = error.remedy === undefined ? "" : `\n${plainLines(error.remedy)}`;
  return `error ${error.code}: ${plainLines(error.message)}${remedy}`;
}

function exitCodeOf(code: string): number {
  if (code === "server_unreachable") return UNREACHABLE;
  return MISUSE.has(code) ? MISUSED : REFUSED;
}

/** The command's own, and those before it. */
function commonFlags(command: Command): CommonFlags {
  const above = command.parent ? commonFlags(command.parent) : {};
  return { ...above, ...command.opts<CommonFlags>() };
}

async function startCall(flags: CommonFlags, surroundings: Surroundings): Promise<Call> {
  const { terminal, clock, environment, fetch } = surroundings;
  const access = await chooseServer(flags, environment, () => readProfiles(profilesFile(surroundings)));
  const timeoutMilliseconds = (flags.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  const client = createAdminClient({ ...access, fetch, timeoutMilliseconds });
  const asJson = flags.json === true;
  const print = (text: string) => terminal.write(text);
  const width = terminal.screen()?.columns;
  return {
    client,
    surroundings,
    now: clock.now(),
    asJson,
    width,
    print,
    show: (answer, render) => print(asJson ? jsonText(answer) : render(answer)),
    async showList<Item>(path: string, columns: readonly Column<Item>[], query: Query = {}) {
      const items = await client.list<Item>(path, query, flags.limit);
      if (asJson) print(jsonText(items));
      else print(items.length === 0 ? "none\n" : renderTable(columns, items, width));
    },
  };
}
