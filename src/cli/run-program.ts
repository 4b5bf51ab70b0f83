// Runs the command that the words name, and answers its exit code.

import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { MISUSED } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

/** Words are the arguments behind the program's name. Throws only what nobody foresaw. */
export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const program = await createProgram(surroundings, words);
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander ends with 1 for arguments that it does not understand; 1 means here that a check failed.
    const misunderstood = error.code.startsWith("commander.") && error.exitCode === 1;
    return misunderstood ? MISUSED : error.exitCode;
  }
}
