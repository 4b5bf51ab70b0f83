// `enks archive`: looks into an archive and verifies it; needs no server.

import type { Command } from "commander";
import { type ArchiveErrorCode, DEFAULT_LIMITS } from "../archive/archive-types.ts";
import { inspectArchive } from "../archive/inspect-archive.ts";
import { nodeArchiveTools } from "../archive/node-tools.ts";
import { parsePublicKey } from "../archive/parse-public-key.ts";
import { isoTime, type UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { readInput } from "./archive/read-input.ts";
import { quote, renderSummary } from "./archive/render-summary.ts";
import { countUsable, summariseArchive } from "./archive/summarise-archive.ts";
import { verifyArchive } from "./archive/verify-archive.ts";
import { addProfileOptions, type ProfileFlags, profileFrom } from "./commands/archive-profile-options.ts";
import { jsonText } from "./output/plain-text.ts";

const LARGEST_PEM = 64 * 1024;
const UNUSABLE = 1;
const MISUSED = 2;

/** Adds `archive inspect` and `archive verify`. They end with 0, with 1 when the archive is not good, with 2 when misused. */
export function addArchiveCommand(program: Command): void {
  const archive = program.command("archive").description("look into and verify export archives");
  const inspecting = archive
    .command("inspect")
    .description("show what an archive says, whoever signed it, and what is unusual about it")
    .argument("<file>", "the zip; - reads standard input")
    .option("--json", "as JSON, for programs");
  addProfileOptions(inspecting).action((file: string, options: InspectOptions, command: Command) =>
    reportFailure(command, () => inspect(file, options, command)),
  );
  const verifying = archive
    .command("verify")
    .description("check an archive and its signature")
    .argument("<file>", "the zip; - reads standard input")
    .requiredOption("--key <pem>", "file with the public key")
    .option("--key-id <id>", 'accept the signature under this key id only; "" where it names none')
    .option("--key-version <version>", 'under this key version only; "" where it names none');
  addProfileOptions(verifying)
    .option("--at <instant>", "also count the keys that are of use to phones then, such as 2026-11-23T06:00:00Z")
    .action((file: string, options: VerifyOptions, command: Command) =>
      reportFailure(command, () => verify(file, options, command)),
    );
}

interface InspectOptions extends ProfileFlags {
  readonly json?: true;
}

interface VerifyOptions extends ProfileFlags {
  readonly key: string;
  readonly keyId?: string;
  readonly keyVersion?: string;
  readonly at?: string;
}

async function inspect(file: string, options: InspectOptions, command: Command): Promise<void> {
  const bytes = await readInput(file, DEFAULT_LIMITS.maxBytes);
  if (bytes.length === 0) throw new CodedError<ArchiveErrorCode>("archive_empty", "the file is empty");
  const summary = summariseArchive(await inspectArchive(bytes, nodeArchiveTools, profileFrom(options)));
  print(command, options.json === true ? jsonText(summary) : renderSummary(summary));
}

async function verify(file: string, options: VerifyOptions, command: Command): Promise<void> {
  const at = options.at === undefined ? null : instantFrom(options.at, command);
  const pem = new TextDecoder().decode(await readInput(options.key, LARGEST_PEM));
  const publicKey = parsePublicKey(pem, nodeArchiveTools);
  const bytes = await readInput(file, DEFAULT_LIMITS.maxBytes);
  const { primaries, revised, signedBy } = await verifyArchive(
    bytes,
    publicKey,
    options,
    profileFrom(options),
    nodeArchiveTools,
  );
  const signer = `key id ${quote(signedBy.keyId)}, version ${quote(signedBy.keyVersion)}`;
  print(command, `verified: ${primaries.length} primary and ${revised.length} revised keys, signed with ${signer}\n`);
  if (at === null) return;
  const { usable, notOver, tooOld } = countUsable(primaries, at);
  print(command, `at ${isoTime(at)}: ${usable} primary keys of use, ${notOver} not over yet, ${tooOld} too old\n`);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

function instantFrom(text: string, command: Command): UnixSeconds {
  const milliseconds = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(milliseconds)) return Math.trunc(milliseconds / 1_000);
  return command.error("error: --at takes an instant such as 2026-11-23T06:00:00Z", { exitCode: MISUSED });
}

function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(text);
}

async function reportFailure(command: Command, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const remedy = error.remedy === undefined ? "" : `\n${error.remedy}`;
    command.error(`${error.code}: ${error.message}${remedy}`, { exitCode: UNUSABLE, code: error.code });
  }
}
