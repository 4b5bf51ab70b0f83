// The `enks` command: reads the arguments, runs one command, ends with its exit code.

import { Command, CommanderError } from "commander";
import { addArchiveCommand } from "./archive-command.ts";
import { addDemoCommand } from "./demo-command.ts";

const MISUSED = 2;

const program = new Command("enks")
  .description("Exposure Notification key server: export, import, mirror, and migrate users without losing a key")
  .exitOverride();
addArchiveCommand(program);
addDemoCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander ends with 1 for arguments that it does not understand; 1 means here that a check failed.
  const misunderstood = error.code.startsWith("commander.") && error.exitCode === 1;
  process.exitCode = misunderstood ? MISUSED : error.exitCode;
}
