// Options on archives that another server makes in its own way; sources and mirrors have them alike.

import type { Command } from "commander";
import type { SourceProfile } from "../../archive/archive-types.ts";
import { namesValue } from "../parse/option-values.ts";

export interface ProfileFlags {
  readonly otherEntries?: string[];
  readonly batchParts?: boolean;
  readonly onsetCodes?: boolean;
}

/** What is not given is as strict as phones are. */
export function profileFrom({
  otherEntries = [],
  batchParts = false,
  onsetCodes = false,
}: ProfileFlags): SourceProfile {
  return { otherEntries, batchParts, onsetCodes };
}

export function addProfileOptions(command: Command): Command {
  return addOtherEntriesOption(command)
    .option("--batch-parts", "archives may say they are one part of several")
    .option("--onset-codes", "days since onset beyond 14 are read as unknown, else the key is refused");
}

export function addOtherEntriesOption(command: Command): Command {
  return command.option(
    "--other-entries <names>",
    "zip entries that are allowed beside the two of the format",
    namesValue,
  );
}

/** For a group's `change`, beside `addProfileOptions`. */
export function addStrictOptions(command: Command): Command {
  return command
    .option("--no-batch-parts", "archives are whole batches")
    .option("--no-onset-codes", "a key with days since onset beyond 14 is refused");
}
