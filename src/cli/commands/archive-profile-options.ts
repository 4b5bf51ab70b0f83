// Options on archives that another server makes in its own way; sources and mirrors have them alike.

import type { Command } from "commander";
import type { SourceProfile } from "../../archive/archive-types.ts";
import { fills } from "../options/body-option.ts";
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
  return command
    .addOption(
      fills(
        "otherEntries",
        "--other-entries <names>",
        "entries that its zips may have besides export.bin and export.sig (none)",
        namesValue,
      ),
    )
    .addOption(fills("batchParts", "--batch-parts", "allow archives that say they are one part of several"))
    .addOption(
      fills("onsetCodes", "--onset-codes", "read days since onset beyond 14 as unknown, instead of refusing the key"),
    );
}

/** For a group's `change`, beside `addProfileOptions`. */
export function addStrictOptions(command: Command): Command {
  return command
    .addOption(fills("batchParts", "--no-batch-parts", "refuse archives that are one part of several"))
    .addOption(fills("onsetCodes", "--no-onset-codes", "refuse keys with days since onset beyond 14"));
}
