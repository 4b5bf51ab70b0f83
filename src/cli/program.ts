// The tree of all commands; the code of a large one is loaded when it is called.

import { Command, Help, type Option } from "commander";
import { readProgramVersion } from "../app/program-version.ts";
import { addAppCommands } from "./commands/app-commands.ts";
import { addApplyCommands } from "./commands/apply-command.ts";
import { addAuditCommand } from "./commands/audit-command.ts";
import { addAuthorityCommands } from "./commands/authority-commands.ts";
import { addClockCommands } from "./commands/clock-commands.ts";
import { addCompletionCommands } from "./commands/completion-commands.ts";
import { addExportCommands } from "./commands/export-commands.ts";
import { addExposuresCommands } from "./commands/exposures-commands.ts";
import { addHelpCommand } from "./commands/help-command.ts";
import { addJobCommands } from "./commands/job-commands.ts";
import { addLocationCommands } from "./commands/location-commands.ts";
import { addMirrorCommands } from "./commands/mirror-commands.ts";
import { addPrincipalCommands } from "./commands/principal-commands.ts";
import { addProfileCommands } from "./commands/profile-commands.ts";
import { addSigningKeyCommands } from "./commands/signing-key-commands.ts";
import { addSourceCommands } from "./commands/source-commands.ts";
import { addStatusCommand } from "./commands/status-command.ts";
import { addSupplierCommands } from "./commands/supplier-commands.ts";
import { addTokenKeyCommands } from "./commands/token-key-commands.ts";
import { addUploadCommand } from "./commands/upload-command.ts";
import { jsonText } from "./output/plain-text.ts";
import { addServerOptions } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

/** Every command is there, also those whose code is loaded later. */
export async function createProgram(surroundings: Surroundings, words: readonly string[]): Promise<Command> {
  const { terminal } = surroundings;
  const asJson = wantsJson(words);
  const version = readProgramVersion();
  const program = new Command("enks")
    .description("Exposure Notification key server: export, import, mirror, and migrate users without losing a key")
    .version(asJson ? jsonText({ version }).trimEnd() : `enks ${version}`, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.write(text),
      // As JSON the program says itself what was not understood.
      writeErr: (text) => (asJson ? undefined : terminal.writeError(text)),
      ...screenWidths(surroundings),
    })
    .configureHelp({ optionDescription: describeOption })
    .addHelpText("afterAll", ({ command }) => explainValues(command))
    .showHelpAfterError("(`--help` lists what there is)")
    // The server's options may stand before a command as well as behind it.
    .enablePositionalOptions();
  addServerOptions(program);
  for (const add of GROUPS) add(program, surroundings);
  for (const large of LARGE) {
    if (words.includes(large.name)) await large.load(program, surroundings);
    else program.command(large.name).description(large.description);
  }
  return program;
}

function describeOption(option: Option): string {
  return `${new Help().optionDescription(option)}${option.mandatory ? " (required)" : ""}`;
}

/** What a person may write for an instant and a duration, where the command takes one. */
function explainValues(command: Command): string {
  const takes = (value: string) => command.options.some(({ flags }) => flags.includes(value));
  const lines = [
    takes("<instant>") ? "An instant is such as 2026-11-24T10:00:00Z, 2026-11-24, now, +1h or -3d." : "",
    takes("<duration>") ? "A duration is such as 14d, 4h, 1h30m, 15m or 10s." : "",
  ].filter((line) => line !== "");
  return lines.length === 0 ? "" : `\n${lines.join("\n")}`;
}

/** Help is laid out for the screen that there is. */
function screenWidths({ terminal }: Surroundings) {
  const width = () => terminal.screen()?.columns ?? HELP_WIDTH;
  return { getOutHelpWidth: width, getErrHelpWidth: width };
}

const HELP_WIDTH = 100;

/** Whether --json is among the words; arguments that cannot be understood are then told in JSON, too. */
export function wantsJson(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end === -1 ? undefined : end).includes("--json");
}

const GROUPS: readonly ((program: Command, surroundings: Surroundings) => void)[] = [
  addStatusCommand,
  addLocationCommands,
  addExportCommands,
  addSourceCommands,
  addSupplierCommands,
  addMirrorCommands,
  addSigningKeyCommands,
  addAuthorityCommands,
  addAppCommands,
  addTokenKeyCommands,
  addPrincipalCommands,
  addExposuresCommands,
  addJobCommands,
  addClockCommands,
  addAuditCommand,
  addApplyCommands,
  addUploadCommand,
  addProfileCommands,
  addCompletionCommands,
  addHelpCommand,
];

interface LargeCommand {
  readonly name: string;
  readonly description: string;
  readonly load: (program: Command, surroundings: Surroundings) => Promise<void>;
}

/** Commands that need more than a client, which takes longer to load than most others take to run. */
export const LARGE: readonly LargeCommand[] = [
  {
    name: "init",
    description: "make a data folder, its configuration and the first administrator",
    load: async (program, surroundings) => (await import("./init-command.ts")).addInitCommand(program, surroundings),
  },
  {
    name: "serve",
    description: "run a server in its data folder",
    load: async (program, surroundings) => (await import("./serve-command.ts")).addServeCommand(program, surroundings),
  },
  {
    name: "archive",
    description: "look into and verify export archives",
    load: async (program) => (await import("./archive-command.ts")).addArchiveCommand(program),
  },
  {
    name: "migration",
    description: "prepare and prove the move of a state to a nation",
    load: async (program, surroundings) =>
      (await import("./migration-command.ts")).addMigrationCommand(program, surroundings),
  },
  {
    name: "simulate",
    description: "simulate random worlds of servers, phones and faults, and check the invariants",
    load: async (program, surroundings) =>
      (await import("./simulate-command.ts")).addSimulateCommand(program, surroundings),
  },
  {
    name: "demo",
    description: "live through a read-only migration: a state, a nation, four weeks, phones",
    load: async (program, surroundings) => (await import("./demo-command.ts")).addDemoCommand(program, surroundings),
  },
];
