// `enks migration bundle`: what the other organisation needs to know, written by one server and read at the other.

import type { Command } from "commander";
import { BUNDLE_STATEMENT, type BundledTree, type MigrationBundle } from "../../features/migration/bundle-form.ts";
import { signStatement, statementFingerprint } from "../../proof/signed-statement.ts";
import { groupedHex, pemFingerprint } from "../output/fingerprint.ts";
import { jsonText } from "../output/plain-text.ts";
import { renderFields, renderSection } from "../output/render-fields.ts";
import { readText } from "../read-text.ts";
import type { Column } from "../render-table.ts";
import { addJsonOption, endWithCode, onServer } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { requireNoFile, writeNewOutput } from "../write-output.ts";
import { collectBundle } from "./collect-bundle.ts";
import { readBundle } from "./read-bundle.ts";
import { readStatementKeyFile } from "./statement-keys.ts";

interface WriteFlags {
  readonly organisation: string;
  readonly contact?: string;
  readonly signWith: string;
}

export function addBundleCommands(migration: Command, surroundings: Surroundings): void {
  const group = migration.command("bundle").description("URLs, public keys and regions of a server for the other side");
  const { terminal } = surroundings;

  const writing = group
    .command("write")
    .description("write the public facts of the server into a signed file; it holds no secrets")
    .argument("<file>", "new file for the bundle")
    .requiredOption("--organisation <name>", "who runs the server")
    .option("--contact <text>", "who is responsible, and how to reach them")
    .requiredOption("--sign-with <key>", "file with the key that signs it, which `migration key` makes");
  onServer(writing, surroundings, async (call, file: string, flags: WriteFlags) => {
    const { organisation, contact } = flags;
    const signer = await readStatementKeyFile(flags.signWith);
    await requireNoFile(file);
    const facts = await collectBundle(call.client);
    const bundle: MigrationBundle = { ...facts, organisation, ...(contact === undefined ? {} : { contact }) };
    await writeNewOutput(file, jsonText(signStatement(BUNDLE_STATEMENT, bundle, signer)));
    call.show({ file, fingerprint: signer.fingerprint }, () => renderBundle(bundle, signer.fingerprint, call.width));
  });

  const reading = group
    .command("read")
    .description("check the signature of a bundle and show what it says")
    .argument("<file>", "the bundle; - reads standard input")
    .requiredOption("--key <file>", "public key of the signer; compare its fingerprint by voice");
  addJsonOption(reading).action((file: string, flags: { key: string; json?: true }) =>
    endWithCode(async () => {
      const publicPem = await readText(flags.key);
      const bundle = await readBundle(file, publicPem);
      const width = terminal.screen()?.columns ?? Number.POSITIVE_INFINITY;
      terminal.write(flags.json ? jsonText(bundle) : renderBundle(bundle, statementFingerprint(publicPem), width));
    }),
  );
}

const TREE_COLUMNS: readonly Column<BundledTree>[] = [
  { title: "tree", value: ({ name }) => name, whole: true },
  { title: "index", value: ({ indexUrl }) => indexUrl, whole: true },
  { title: "regions", value: ({ regions }) => regions.join(", ") || "-", cut: true },
  { title: "archives", value: ({ listedArchives }) => listedArchives },
];

interface KeyRow {
  readonly tree: string;
  readonly name: string;
  readonly fingerprint: string;
}

const KEY_COLUMNS: readonly Column<KeyRow>[] = [
  { title: "tree", value: ({ tree }) => tree, whole: true },
  { title: "key id and version", value: ({ name }) => name, whole: true },
  { title: "fingerprint", value: ({ fingerprint }) => fingerprint },
];

function renderBundle(bundle: MigrationBundle, fingerprint: string, width: number): string {
  const { organisation, contact = null, software, madeAt, trees, apps, authorities } = bundle;
  const keys = trees.flatMap(({ name: tree, publicKeys }) =>
    publicKeys.map(({ keyId, keyVersion, publicKeyPem }) => ({
      tree,
      name: `${keyId} ${keyVersion}`,
      fingerprint: pemFingerprint(publicKeyPem),
    })),
  );
  return [
    renderFields(
      [
        ["organisation", organisation],
        ["contact", contact],
        ["software", software],
        ["made", madeAt],
        ["signed by", groupedHex(fingerprint)],
        ["apps", apps.length],
        ["health authorities", authorities.length],
      ],
      width,
    ),
    renderSection("Trees", TREE_COLUMNS, trees, width),
    renderSection("Public keys, to compare by voice", KEY_COLUMNS, keys, width),
  ].join("");
}
