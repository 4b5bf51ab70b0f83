// What all commands that ask a server have in common: the options to reach it, and how they end.

import { type Command, CommanderError } from "commander";
import { CodedError } from "../core/coded-error.ts";
import { EXIT_CODES } from "../core/exit-codes.ts";
import { type Call, startCall, tellTarget } from "./call.ts";
import { withKnownNames } from "./options/suggest-names.ts";
import { inWordsOfOptions } from "./options/tell-refusal.ts";
import { countValue, timeoutValue } from "./parse/option-values.ts";
import type { Surroundings } from "./surroundings.ts";

export const REFUSED = EXIT_CODES.refused;
export const MISUSED = EXIT_CODES.misused;
const UNREACHABLE = EXIT_CODES.unreachable;

/** Codes of commands that were called without what they need. */
const MISUSE = new Set([
  "command_misused",
  "server_unset",
  "server_url_invalid",
  "server_unprotected",
  "token_missing",
  "profile_unchosen",
  "profile_invalid",
  "confirmation_missing",
  "init_options_invalid",
  "upload_options_invalid",
  "demo_options_invalid",
  "simulation_options_invalid",
  "world_impossible",
]);

interface Manner {
  /** The command itself says which server it asked. */
  readonly namesServer?: boolean;
}

/**
 * Gives the command its action and the options of all such commands. `run` gets the command's arguments and options as
 * commander passes them, and may answer an exit code.
 */
export function onServer(
  command: Command,
  surroundings: Surroundings,
  run: (call: Call, ...args: never[]) => Promise<number | void>,
  { namesServer = false }: Manner = {},
): Command {
  return addServerOptions(command).action((...args: unknown[]) =>
    endWithCode(async () => {
      const call = await startCall(command, surroundings);
      if (!namesServer) tellTarget(call);
      try {
        // Behind arguments and options comes the command itself.
        return await run(call, ...(args.slice(0, -1) as never[]));
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        throw await withKnownNames(command, call.client, inWordsOfOptions(command, error));
      }
    }),
  );
}

/** As `onServer`, for a command that prints a list. */
export function listOnServer(
  command: Command,
  surroundings: Surroundings,
  run: (call: Call, ...args: never[]) => Promise<void>,
): Command {
  return onServer(command.option("--limit <count>", "print at most this many (all)", countValue), surroundings, run);
}

/** The program has them too, so that they can stand before a command as well as behind it. */
export function addServerOptions(command: Command): Command {
  return addJsonOption(command)
    .optionsGroup("Options to reach the server:")
    .option("--profile <name>", "use the server and token of this profile (ENKS_PROFILE)")
    .option("--server <url>", "URL of the server's admin listener, such as http://127.0.0.1:8081 (ENKS_SERVER)")
    .option("--token <token>", "token of a principal; other users of this machine can see it here (ENKS_TOKEN)")
    .option("--insecure", "allow plain http to another machine, which shows the token to everybody on the way")
    .option("--timeout <duration>", "how long to wait for an answer (60s)", timeoutValue);
}

export function addJsonOption(command: Command, description = "print JSON, for programs; errors too"): Command {
  return command.option("--json", description);
}

/** Runs an action, and ends the command with the exit code that it answers or that its coded error has. */
export async function endWithCode(action: () => Promise<number | void>): Promise<void> {
  const exitCode = await action();
  if (exitCode) throw new CommanderError(exitCode, "enks.ended", "");
}

export function exitCodeOf(code: string): number {
  if (code === "server_unreachable") return UNREACHABLE;
  if (code === "proof_interrupted") return EXIT_CODES.brokenOff;
  return MISUSE.has(code) ? MISUSED : REFUSED;
}
