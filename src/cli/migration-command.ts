// `enks migration`: what leads two organisations through a migration.

import type { Command } from "commander";
import { addBundleCommands } from "./migration/bundle-commands.ts";
import { addCheckCommand } from "./migration/check-command.ts";
import { addCreateCommand } from "./migration/create-command.ts";
import { addGuideCommands } from "./migration/guide-commands.ts";
import { addKeyCommand } from "./migration/key-command.ts";
import { addReportCommand } from "./migration/report-command.ts";
import { addStepCommands } from "./migration/step-commands.ts";
import { addVerifyCommand } from "./migration/verify-command.ts";
import type { Surroundings } from "./surroundings.ts";

export function addMigrationCommand(program: Command, surroundings: Surroundings): void {
  const migration = program.command("migration").description("prepare and prove the move of a state to a nation");
  addKeyCommand(migration, surroundings);
  addBundleCommands(migration, surroundings);
  addCreateCommand(migration, surroundings);
  addCheckCommand(migration, surroundings);
  addVerifyCommand(migration, surroundings);
  addReportCommand(migration, surroundings);
  addGuideCommands(migration, surroundings);
  addStepCommands(migration, surroundings);
}
