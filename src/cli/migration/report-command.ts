// `enks migration report`: a signed report of somebody else, checked before it is shown.

import type { Command } from "commander";
import { statementFingerprint } from "../../proof/signed-statement.ts";
import { groupedHex } from "../output/fingerprint.ts";
import { readText } from "../read-text.ts";
import { addJsonOption, endWithCode } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { readReport } from "./read-report.ts";

export function addReportCommand(migration: Command, { terminal }: Pick<Surroundings, "terminal">): void {
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
}
