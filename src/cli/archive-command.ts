// `enks archive`: looks into an archive and verifies it; needs no server.

import type { Command } from "commander";
import { type ArchiveErrorCode, DEFAULT_LIMITS } from "../archive/archive-types.ts";
import { inspectArchive } from "../archive/inspect-archive.ts";
import { nodeArchiveTools } from "../archive/node-tools.ts";
import { parsePublicKey } from "../archive/parse-public-key.ts";
import { isoTime, type UnixSeconds } from "../core/clock.ts";
import { CodedError } from "../core/coded-error.ts";
import { EXIT_CODES } from "../core/exit-codes.ts";
import { readInput } from "./archive/read-input.ts";
import { quote, renderSummary } from "./archive/render-summary.ts";
import { countUsable, summariseArchive } from "./archive/summarise-archive.ts";
import { verifyArchive } from "./archive/verify-archive.ts";
import { addProfileOptions, type ProfileFlags, profileFrom } from "./commands/archive-profile-options.ts";
import { jsonText } from "./output/plain-text.ts";

const LARGEST_PEM = 64 * 1024;
const UNUSABLE = EXIT_CODES.refused;
const MISUSED = EXIT_CODES.misused;

/** Adds `archive inspect` and `archive verify`. They end with 0, with 1 when the archive is not good, with 2 when misused. */
export function addArchiveCommand(program: Command): void {
  const archive = program.command("archive").description("look into and verify export archives");
  const inspecting = archive
    .command("inspect")
    .description("show what is in an archive and what is unusual about it, without checking who signed it")
    .argument("<file>", "the archive, a zip; - reads standard input")
    .option("--json", "print JSON, for programs; errors too");
  addProfileOptions(inspecting).action((file: string, options: InspectOptions, command: Command) =>
    reportFailure(command, () => inspect(file, options, command)),
  );
  const verifying = archive
    .command("verify")
    .description("check an archive and its signature; exits with 1 when it is not good")
    .argument("<file>", "the archive, a zip; - reads standard input")
    .requiredOption("--key <pem>", "PEM file with the public key")
    .option("--key-id <id>", 'only accept a signature under this key id; "" where it names none')
    .option("--key-version <version>", 'only accept a signature under this key version; "" where it names none');
  addProfileOptions(verifying)
    .option("--at <instant>", "also count the keys that phones can use at this time, such as 2026-11-23T06:00:00Z")
    .option("--json", "print JSON, for programs; errors too")
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
  readonly json?: true;
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
  const counts = at === null ? {} : { at: isoTime(at), ...countUsable(primaries, at) };
  if (options.json) {
    const { keyId, keyVersion } = signedBy;
    const verified = {
      verified: true,
      primaries: primaries.length,
      revised: revised.length,
      keyId,
      keyVersion,
      ...counts,
    };
    return print(command, jsonText(verified));
  }
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
    command.error(`error ${error.code}: ${error.message}${remedy}`, { exitCode: UNUSABLE, code: error.code });
  }
}
