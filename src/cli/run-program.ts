// Runs the command that the words name, says why it failed, and answers its exit code.

import { CommanderError } from "commander";
import { CodedError } from "../core/coded-error.ts";
import type { CommandErrorCode } from "./call.ts";
import { type ToldError, tellError } from "./output/tell-error.ts";
import { createProgram, wantsJson } from "./program.ts";
import { exitCodeOf, MISUSED } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

/** Words are the arguments behind the program's name. Throws only what the program did not foresee. */
export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const program = await createProgram(surroundings, words);
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CodedError) {
      surroundings.terminal.writeError(tellError(error, wantsJson(words)));
      return exitCodeOf(error.code);
    }
    if (!(error instanceof CommanderError)) throw error;
    return endOf(error, wantsJson(words), surroundings);
  }
}

/** Commander has printed its own errors, unless they are wanted as JSON. */
function endOf({ code, exitCode, message }: CommanderError, asJson: boolean, { terminal }: Surroundings): number {
  // Commander ends with 1 for arguments that it does not understand; 1 means here that a check failed.
  const isMisuse = code.startsWith("commander.") && exitCode !== 0;
  if (asJson && message !== "" && exitCode !== 0) {
    const told = isMisuse ? misuseOf(code, message) : { code, ...partsOf(message, `error ${code}: `) };
    terminal.writeError(tellError(told, true));
  }
  return isMisuse ? MISUSED : exitCode;
}

function misuseOf(code: string, text: string): ToldError {
  const misused: CommandErrorCode = "command_misused";
  const { message, remedy = "`enks help` explains every command." } = partsOf(text, "error: ");
  return { code: misused, message: code === "commander.help" ? "a command is missing" : message, remedy };
}

/** The sentence and what follows it, of a text that begins with `start`. */
function partsOf(text: string, start: string): { message: string; remedy: string | undefined } {
  const [message = "", ...rest] = (text.startsWith(start) ? text.slice(start.length) : text).trim().split("\n");
  return { message, remedy: rest.length === 0 ? undefined : rest.join("\n").replace(/^\((.*)\)$/s, "$1") };
}
