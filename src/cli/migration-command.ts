// `enks migration`: what leads two organisations through a migration; needs no server.

import type { Command } from "commander";
import { statementFingerprint } from "../proof/signed-statement.ts";
import { type CheckFlags, checkPlan } from "./migration/check-command.ts";
import { readReport } from "./migration/read-report.ts";
import { makeStatementKeyFiles } from "./migration/statement-keys.ts";
import { type VerifyFlags, verifyMigration } from "./migration/verify-command.ts";
import { groupedHex } from "./output/fingerprint.ts";
import { jsonText } from "./output/plain-text.ts";
import { durationValue, sampleValue } from "./parse/option-values.ts";
import { readText } from "./read-text.ts";
import { addJsonOption, endWithCode } from "./server-command.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds `migration verify`, `check`, `report` and `key`. */
export function addMigrationCommand(program: Command, surroundings: Surroundings): void {
  const { terminal } = surroundings;
  const migration = program.command("migration").description("prove and prepare the move of a state to a nation");

  const verifying = migration
    .command("verify")
    .description("prove from public URLs and keys that every key of the state is in the national exports")
    .requiredOption("-f, --file <plan>", "the plan in YAML or JSON; - reads standard input")
    .option("--sample <archives>", "only look for the keys of this many archives of each tree; no proof", sampleValue)
    .option(
      "--lag <duration>",
      "how long a key may take from the state to the nation (the plan's, or 8h)",
      durationValue,
    )
    .option("--report <file>", "write the report to this new file")
    .option("--sign-with <key>", "sign the report with the key in this file, which `migration key` makes");
  addJsonOption(verifying)
    .addHelpText("after", "\nExit codes: 0 proven, or the sample is good; 1 not proven.")
    .action((flags: VerifyFlags) => endWithCode(() => verifyMigration(flags, surroundings)));

  const checking = migration
    .command("check")
    .description("check from outside whether the trees of a plan are ready; each check passes, fails or is waived")
    .requiredOption("-f, --file <plan>", "the plan in YAML or JSON; - reads standard input");
  addJsonOption(checking)
    .addHelpText("after", "\nExit codes: 0 every check passes or is waived; 1 a check fails.")
    .action((flags: CheckFlags) => endWithCode(() => checkPlan(flags, surroundings)));

  const reading = migration
    .command("report")
    .description("check the signature of a report and show it")
    .argument("<file>", "a signed report; - reads standard input")
    .requiredOption("--key <file>", "public key of the signer; compare its fingerprint by voice");
  addJsonOption(reading).action((file: string, flags: { key: string; json?: true }) =>
    endWithCode(async () => {
      const publicPem = await readText(flags.key);
      terminal.write(await readReport(file, publicPem, flags.json === true, terminal));
      terminal.writeError(`signed by the key with the fingerprint ${groupedHex(statementFingerprint(publicPem))}\n`);
    }),
  );

  const making = migration
    .command("key")
    .description("make a key that signs reports and bundles; export keys never do")
    .argument("<file>", "new file for the private key; the public one goes to FILE.pub");
  addJsonOption(making).action((file: string, flags: { json?: true }) =>
    endWithCode(async () => {
      const { fingerprint, publicFile } = await makeStatementKeyFiles(file);
      terminal.write(
        flags.json
          ? jsonText({ privateFile: file, publicFile, fingerprint })
          : `private key  ${file}\npublic key   ${publicFile}\nfingerprint  ${groupedHex(fingerprint)}\n`,
      );
    }),
  );
}
