// The commands that lead a migration from one state to another: each shows what will happen, and asks.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { MigrationBody } from "../../features/migration/admin-schemas.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { confirm } from "../output/confirm.ts";
import { onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { readMigration, showMigration } from "./show-migration.ts";

export function addStepCommands(migration: Command, surroundings: Surroundings): void {
  const named = (words: string, description: string) =>
    migration.command(words).description(description).argument("<name>", "name of the migration");

  const advance = named("advance", "go to the next state, if the evidence for it is there and fresh");
  addQuestion(advance);
  onServer(advance, surroundings, async (call, name: string, flags: QuestionFlags) => {
    const { state, next } = await readMigration(call, name);
    return ask(call, flags, `"${name}" goes from ${state} to ${next ?? "nowhere"}.`, async () =>
      showMigration(call, await call.client.post<MigrationBody>(path`/v1/migrations/${name}/advance`, {})),
    );
  });

  const back = addQuestion(named("back", "go one state back"), "why; kept in the journal");
  onServer(back, surroundings, async (call, name: string, { reason, ...flags }: ReasonFlags) => {
    const { state } = await readMigration(call, name);
    const before = state === "switched" ? " End the mirror at the client location first: `enks mirror end`." : "";
    return ask(call, flags, `"${name}" goes back from ${state}.${before}`, async () =>
      showMigration(call, await call.client.post<MigrationBody>(path`/v1/migrations/${name}/back`, { reason })),
    );
  });

  const cancel = addQuestion(named("cancel", "end a migration before the switch"), "why; kept in the journal");
  onServer(cancel, surroundings, async (call, name: string, { reason, ...flags }: ReasonFlags) =>
    ask(call, flags, `"${name}" ends for good; its name stays taken.`, async () =>
      showMigration(call, await call.client.post<MigrationBody>(path`/v1/migrations/${name}/cancellation`, { reason })),
    ),
  );
}

interface QuestionFlags {
  readonly yes?: true;
  readonly dryRun?: true;
}

interface ReasonFlags extends QuestionFlags {
  readonly reason: string;
}

function addQuestion(command: Command, reason?: string): Command {
  if (reason !== undefined) command.requiredOption("--reason <text>", reason);
  return command.option("-y, --yes", "do it without asking").option("--dry-run", "only show what would be done");
}

/** Shows what will happen and asks. Answers 1 where it was not wanted. Throws `confirmation_missing` without a person. */
async function ask(call: Call, flags: QuestionFlags, says: string, act: () => Promise<void>): Promise<number> {
  const { terminal } = call.surroundings;
  if (!call.asJson || flags.dryRun === true) call.surroundings.terminal.writeError(`${says}\n`);
  if (flags.dryRun === true) return 0;
  const isMeant = flags.yes === true || (await confirm(terminal, "Do it?"));
  if (isMeant === null) {
    throw new CodedError("confirmation_missing", "there is no terminal to ask at", { remedy: "Add --yes to do it." });
  }
  if (!isMeant) return REFUSED;
  await act();
  return 0;
}
