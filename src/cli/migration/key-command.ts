// `enks migration key`: a key that signs reports and bundles.

import type { Command } from "commander";
import { groupedHex } from "../output/fingerprint.ts";
import { jsonText } from "../output/plain-text.ts";
import { addJsonOption, endWithCode } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { makeStatementKeyFiles } from "./statement-keys.ts";

export function addKeyCommand(migration: Command, { terminal }: Pick<Surroundings, "terminal">): void {
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
