// Servers and tokens under names, in a file that only its owner can read.

import { randomUUID } from "node:crypto";
import { chmod, open, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { CodedError } from "../../core/coded-error.ts";
import { shellWord } from "../../core/shell-word.ts";
import { fileErrorCode, makeFolderTree, syncFolder } from "../../platform/files/durable-files.ts";
import { tellNames } from "../options/suggest-names.ts";
import type { Surroundings } from "../surroundings.ts";
import type { ServerAccess } from "./admin-client.ts";
import { clientError } from "./client-error.ts";

export interface Profiles {
  /** The one that `enks profile use` chose for when none is named. */
  readonly current: string | null;
  readonly byName: Readonly<Record<string, ServerAccess>>;
}

const NONE: Profiles = { current: null, byName: {} };
const OWNER_ONLY = 0o600;
const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export function profilesFile({ environment, homeFolder }: Pick<Surroundings, "environment" | "homeFolder">): string {
  const configured = environment["XDG_CONFIG_HOME"] ?? "";
  // What is relative there counts as unset.
  const configFolder = isAbsolute(configured) ? configured : join(homeFolder, ".config");
  return environment["ENKS_PROFILES"] || join(configFolder, "enks", "profiles.json");
}

/** No file: no profiles. Throws `profiles_unusable`, also when others could read the file. */
export async function readProfiles(file: string): Promise<Profiles> {
  try {
    await using handle = await open(file, "r");
    const { mode } = await handle.stat();
    if (process.platform !== "win32" && (mode & 0o077) !== 0) {
      throw clientError("profiles_unusable", `others can read ${file}, which has tokens in it`, {
        remedy: `chmod 600 ${shellWord(file)}; and renew the tokens if somebody else may have read them.`,
      });
    }
    return parseProfiles(await handle.readFile("utf8"), file);
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return NONE;
    throw fileErrorCode(error)?.startsWith("E") ? unusable(file, error) : error;
  }
}

/**
 * Throws `profile_invalid`, `profiles_unusable` where none could be written, and `profile_exists` for one that is to be
 * new; every profile stays as it is.
 */
export async function requireWritable(
  file: string,
  name: string,
  { isNew = false }: { readonly isNew?: boolean } = {},
): Promise<void> {
  requireName(name);
  const profiles = await readProfiles(file);
  const before = Object.hasOwn(profiles.byName, name) ? profiles.byName[name] : undefined;
  if (isNew && before !== undefined) throw profileExists(name, before);
  await writeProfiles(file, profiles);
}

/** Null where there is none of this name. Throws `profiles_unusable`. */
export async function findProfile(file: string, name: string): Promise<ServerAccess | null> {
  const { byName } = await readProfiles(file);
  return Object.hasOwn(byName, name) ? (byName[name] ?? null) : null;
}

/** Writes a profile. Throws `profile_exists` unless it may replace one, `profile_invalid` and `profiles_unusable`. */
export async function saveProfile(
  file: string,
  name: string,
  { server, token }: ServerAccess,
  { mayReplace = false }: { readonly mayReplace?: boolean } = {},
): Promise<void> {
  requireName(name);
  const { current, byName } = await readProfiles(file);
  const before = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (before !== undefined && !mayReplace) throw profileExists(name, before);
  await writeProfiles(file, { current, byName: { ...byName, [name]: { server, token } } });
}

export function profileExists(name: string, { server }: Pick<ServerAccess, "server">): CodedError {
  return clientError("profile_exists", `there is a profile "${name}" already, for ${server}; it stays as it is`, {
    remedy: `Choose another name, or forget the old one first: \`enks profile remove ${name}\`.`,
  });
}

function requireName(name: string): void {
  if (PROFILE_NAME.test(name) && !(name in Object.prototype)) return;
  throw clientError("profile_invalid", "the name of a profile is of letters, digits, dots, dashes and underscores");
}

/** Throws `profile_unknown` and `profiles_unusable`. */
export async function removeProfile(file: string, name: string): Promise<void> {
  const profiles = await readProfiles(file);
  requireProfile(profiles, name);
  const { [name]: _, ...byName } = profiles.byName;
  await writeProfiles(file, { current: profiles.current === name ? null : profiles.current, byName });
}

/** Answers the profile. Throws `profile_unknown` and `profiles_unusable`. */
export async function makeCurrent(file: string, name: string): Promise<ServerAccess> {
  const profiles = await readProfiles(file);
  const access = requireProfile(profiles, name);
  await writeProfiles(file, { ...profiles, current: name });
  return access;
}

/** Throws `profile_unknown`. */
export function requireProfile({ byName }: Profiles, name: string): ServerAccess {
  const found = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (found) return found;
  throw clientError("profile_unknown", `there is no profile "${name}"`, {
    remedy: `${tellNames(name, Object.keys(byName))}\n\`enks profile list\` shows them; \`enks profile add\` makes one.`,
  });
}

/** Replaces the file in one step: a crash leaves the old one or the new one, and no power cut takes the new one back. */
async function writeProfiles(file: string, { current, byName }: Profiles): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await makeFolderTree(dirname(file), 0o700);
    const handle = await open(temporary, "wx", OWNER_ONLY);
    try {
      await handle.writeFile(`${JSON.stringify({ current, profiles: byName }, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, OWNER_ONLY);
    await rename(temporary, file);
    // The only copy of a token may be in it.
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw unusable(file, error);
  }
}

function parseProfiles(text: string, file: string): Profiles {
  const read = readJson(text);
  if (!isRecord(read) || !isRecord(read["profiles"])) throw unusable(file);
  const current = read["current"] ?? null;
  const entries = Object.entries(read["profiles"]);
  const byName = entries.flatMap(([name, entry]) => {
    if (!isRecord(entry) || typeof entry["server"] !== "string" || typeof entry["token"] !== "string") return [];
    return [[name, { server: entry["server"], token: entry["token"] }] as const];
  });
  if (byName.length < entries.length || (current !== null && typeof current !== "string")) throw unusable(file);
  return { current, byName: Object.fromEntries(byName) };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function unusable(file: string, cause?: unknown): Error {
  const why = cause instanceof Error ? cause.message : "it is not as `enks profile` writes it";
  return clientError("profiles_unusable", `the profiles in ${file} cannot be used: ${why}`, { cause });
}
