// What `enks demo` is asked for, checked.

import { access, constants, readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { nodeArchiveTools } from "../../archive/node-tools.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { FolderOptions } from "../../simulation/demo/import-folder.ts";
import { SWITCHES, type Switch } from "../../simulation/demo/world.ts";
import { type ProfileFlags, profileFrom } from "../commands/archive-profile-options.ts";
import { tellNames } from "../options/suggest-names.ts";

export interface DemoFlags extends ProfileFlags {
  readonly details?: true;
  readonly json?: true;
  readonly seed: string;
  readonly report?: string;
  readonly keep?: string;
  readonly switchOff?: string;
  readonly archives?: string;
  readonly trustedKey?: string;
  readonly keyId?: string;
  readonly keyVersion?: string;
  readonly region?: string;
  readonly now?: string;
}

export type DemoErrorCode = "demo_options_invalid";

export function seedFrom(flags: DemoFlags): number {
  if (/^\d{1,9}$/.test(flags.seed)) return Number(flags.seed);
  throw invalid("--seed is a number of at most nine digits");
}

export function switchFrom({ switchOff }: DemoFlags): Switch | null {
  const known = SWITCHES.find((name) => name === switchOff);
  if (switchOff !== undefined && !known)
    throw invalid(`--switch-off takes no "${switchOff}"; ${tellNames(switchOff, SWITCHES)}`);
  return known ?? null;
}

/** Where the demo writes; looked at before it runs, since it lasts. Absolute paths. */
export interface DemoOutputs {
  readonly report: string | null;
  readonly keep: string | null;
}

export async function outputsFrom({ report, keep }: DemoFlags): Promise<DemoOutputs> {
  const outputs = { report: resolved(report), keep: resolved(keep) };
  if (outputs.report !== null && (await isFolder(outputs.report))) throw invalid(`--report "${report}" is a folder`);
  if (outputs.report !== null && !(await isWritable(dirname(outputs.report)))) {
    throw invalid(`--report "${report}" cannot be written: make its folder first`);
  }
  if (outputs.keep !== null && !(await isWritable(await nearestFolder(outputs.keep)))) {
    throw invalid(`--keep "${keep}" cannot be written`);
  }
  return outputs;
}

function resolved(path: string | undefined): string | null {
  return path === undefined ? null : resolve(path);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function isWritable(folder: string): Promise<boolean> {
  if (!(await isFolder(folder))) return false;
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** The path itself, or the nearest above it at which there is something. */
async function nearestFolder(path: string): Promise<string> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  return exists || dirname(path) === path ? path : nearestFolder(dirname(path));
}

/** What the real input needs; null where none is asked for. */
export async function folderFrom(
  flags: DemoFlags,
): Promise<Pick<FolderOptions, "archives" | "trustedKey" | "profile" | "region" | "now"> | null> {
  const { archives, trustedKey, keyId, keyVersion, region, now } = flags;
  if (archives === undefined) {
    const { otherEntries, batchParts, onsetCodes } = flags;
    const given = [trustedKey, keyId, keyVersion, region, now, otherEntries, batchParts, onsetCodes];
    if (given.some((flag) => flag !== undefined)) {
      throw invalid("--trusted-key, --key-id and other options on archives go with --archives");
    }
    return null;
  }
  // Archives may name no id and no version.
  if (!trustedKey || keyId === undefined || keyVersion === undefined || !region || !now) {
    throw invalid("--archives needs --trusted-key, --key-id, --key-version, --region and --now");
  }
  return {
    archives: resolve(archives),
    trustedKey: {
      keyId,
      keyVersion,
      publicKey: parsePublicKey(await readText(trustedKey), nodeArchiveTools),
      from: 0,
      until: null,
    },
    profile: profileFrom(flags),
    region,
    now: instantFrom(now),
  };
}

function instantFrom(text: string): number {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw invalid("--now is an instant such as 2026-11-23T06:00:00Z");
  return Math.trunc(milliseconds / 1_000);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new CodedError<DemoErrorCode>("demo_options_invalid", `"${file}" cannot be read`, { cause });
  }
}

function invalid(why: string): CodedError {
  return new CodedError<DemoErrorCode>("demo_options_invalid", why);
}
