// The commands of a guided migration that ask the operator's own server.

import type { Command } from "commander";
import { Option } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { JournalBody, MigrationBody } from "../../features/migration/admin-schemas.ts";
import { CHECKS_STATEMENT, type ChecksReport } from "../../features/migration/checks/checks-report.ts";
import { runChecks } from "../../features/migration/checks/run-checks.ts";
import { firstBreak } from "../../features/migration/journal.ts";
import { MIGRATION_ROLES } from "../../features/migration/migration-types.ts";
import { COVERAGE_STATEMENT, parseStatement, signStatement } from "../../proof/signed-statement.ts";
import type { Call } from "../call.ts";
import { path } from "../client/admin-path.ts";
import { readText } from "../read-text.ts";
import { listOnServer, onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { writeNewOutput } from "../write-output.ts";
import { readPlanFile } from "./read-plan.ts";
import { readPlannedTrees } from "./read-planned-trees.ts";
import { renderJournal } from "./render-migration.ts";
import { readMigration, showMigration } from "./show-migration.ts";
import { readStatementKeyFile } from "./statement-keys.ts";

export type GuideErrorCode =
  /** The journal is not as it was written, or its head is another one. */
  | "journal_broken"
  /** The plan has no tree of that name. */
  | "tree_unknown"
  /** The tree has no key of that id and version. */
  | "tree_key_unknown";

const LARGEST_STATEMENT = 256 * 1024;
const NAME = "name of the migration";

interface KeyFlags {
  readonly out: string;
  readonly keyId?: string;
  readonly keyVersion?: string;
}

interface StartFlags {
  readonly file: string;
  readonly role: string;
  readonly observer: readonly string[];
}

export function addGuideCommands(migration: Command, surroundings: Surroundings): void {
  const named = (words: string, description: string) =>
    migration.command(words).description(description).argument("<name>", NAME);

  const start = migration
    .command("start")
    .description("start a migration on this server by the plan that both sides have")
    .requiredOption("-f, --file <plan>", "the plan; - reads standard input")
    .addOption(
      new Option("--role <role>", "which of the two this server is").choices(MIGRATION_ROLES).makeOptionMandatory(),
    )
    .requiredOption("--observer <files...>", "public keys of those whose signed reports count as evidence");
  onServer(start, surroundings, async (call, flags: StartFlags) => {
    const plan = await readPlanFile(flags.file);
    const observers = await Promise.all(flags.observer.map((file) => readText(file)));
    showMigration(call, await call.client.post<MigrationBody>("/v1/migrations", { role: flags.role, plan, observers }));
  });

  listOnServer(migration.command("list").description("list all migrations of this server"), surroundings, (call) =>
    call.showList<MigrationBody>("/v1/migrations", [
      { title: "name", value: ({ name }) => name, whole: true },
      { title: "role", value: ({ role }) => role },
      { title: "state", value: ({ state }) => state },
      { title: "since", value: ({ stateSince }) => stateSince },
      { title: "next", value: ({ next }) => next ?? "-" },
    ]),
  );

  const status = named("status", "show where a migration is, what is proven, and what comes next");
  onServer(status, surroundings, async (call, name: string) => showMigration(call, await readMigration(call, name)));

  const prove = named("prove", "check all trees, compare all keys, and record both as signed evidence").requiredOption(
    "--sign-with <key>",
    "key of an observer of the migration, which `migration key` makes",
  );
  onServer(prove, surroundings, (call, name: string, flags: { signWith: string }) =>
    proveOn(call, name, flags.signWith),
  );

  const evidence = named("evidence", "record a report that an observer has signed elsewhere").argument(
    "<file>",
    "the signed report; - reads standard input",
  );
  onServer(evidence, surroundings, async (call, name: string, file: string) => {
    showMigration(call, await addEvidence(call, name, parseStatement(await readText(file, LARGEST_STATEMENT))));
  });

  const change = named("change-plan", "put another version of the plan in force; earlier evidence counts no more");
  change.requiredOption("-f, --file <plan>", "the plan; - reads standard input");
  onServer(change, surroundings, async (call, name: string, { file }: { file: string }) => {
    const plan = await readPlanFile(file);
    showMigration(call, await call.client.post<MigrationBody>(path`/v1/migrations/${name}/plan`, { plan }));
  });

  const log = named("log", "show the journal and check that it is whole").option(
    "--head <digest>",
    "also require that an entry has this digest, which was noted before",
  );
  onServer(log, surroundings, (call, name: string, { head }: { head?: string }) => showJournal(call, name, head));

  const publicKey = named("public-key", "write the public key of a tree of the plan into a file")
    .argument("<tree>", "name of the tree")
    .option("--key-id <id>", "id of the key (that of the newest)")
    .option("--key-version <version>", "version of the key (that of the newest)")
    .requiredOption("-o, --out <file>", "new file for the key in PEM");
  onServer(publicKey, surroundings, async (call, name: string, tree: string, flags: KeyFlags) => {
    await writeNewOutput(flags.out, publicKeyOf(await readMigration(call, name), tree, flags));
    call.show({ file: flags.out }, () => `${flags.out} is written\n`);
  });
}

function addEvidence(call: Call, name: string, envelope: object): Promise<MigrationBody> {
  return call.client.post<MigrationBody>(path`/v1/migrations/${name}/evidence`, envelope);
}

/** Answers 0 where the next state has all it needs, else 1. */
async function proveOn(call: Call, name: string, keyFile: string): Promise<number> {
  call.requireChosen();
  const key = await readStatementKeyFile(keyFile);
  const { plan, planDigest } = await readMigration(call, name);
  const proof = await readPlannedTrees(plan, call.surroundings);
  const checks = runChecks(plan, proof);
  const report: ChecksReport = { kind: "checks", formatVersion: 1, at: proof.report.at, planDigest, checks };
  await addEvidence(call, name, signStatement(CHECKS_STATEMENT, report, key));
  const shown = await addEvidence(call, name, signStatement(COVERAGE_STATEMENT, proof.report, key));
  showMigration(call, shown);
  return shown.needs.every(({ outcome }) => outcome === "met") ? 0 : REFUSED;
}

async function showJournal(call: Call, name: string, head: string | undefined): Promise<void> {
  const { entries } = await call.client.get<JournalBody>(path`/v1/migrations/${name}/journal`);
  const broken = firstBreak(name, entries);
  if (broken !== null) throw journalBroken(name, `entry ${broken} is not as it was written`);
  if (head !== undefined && !entries.some(({ digest }) => digest === head)) {
    throw journalBroken(name, "no entry has the digest that was noted");
  }
  call.show(entries, () => renderJournal(entries, call.width));
}

function journalBroken(name: string, why: string): CodedError<GuideErrorCode> {
  return new CodedError("journal_broken", `the journal of "${name}" is not whole: ${why}`, {
    remedy: "Compare it with a copy of the database, and ask who changed it.",
  });
}

/** The newest key of the tree that has the id and version. Throws `tree_unknown`, `tree_key_unknown`. */
function publicKeyOf({ plan }: MigrationBody, name: string, { keyId, keyVersion }: KeyFlags): string {
  const { client, second } = plan.state;
  const trees = [client, ...(second === undefined ? [] : [second]), ...plan.nation.exports];
  const tree = trees.find((one) => one.name === name);
  if (tree === undefined) {
    const names = trees.map((one) => one.name).join(", ");
    throw unknown("tree_unknown", `the plan has no tree "${name}"`, `It has ${names}.`);
  }
  const key = tree.publicKeys.findLast(
    (one) => one.keyId === (keyId ?? one.keyId) && one.keyVersion === (keyVersion ?? one.keyVersion),
  );
  if (key !== undefined) return key.publicKeyPem;
  const keys = tree.publicKeys.map((one) => `id "${one.keyId}", version "${one.keyVersion}"`).join("; ");
  throw unknown("tree_key_unknown", `the tree "${name}" has no such key`, `It has ${keys}.`);
}

function unknown(code: GuideErrorCode, message: string, remedy: string): CodedError {
  return new CodedError(code, message, { remedy });
}
