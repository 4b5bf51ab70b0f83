// Somebody who has just cloned this repository: another user, a Node and an npm of their choice, a path with a space.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { isOpenToOthers } from "../../scripts/private-postgres.ts";

const root = join(import.meta.dirname, "..", "..");
const cache = join(root, "node_modules", ".cache", "enks", "newcomers");

/** Of no account; where this is not root, the newcomer is who runs this. */
const STRANGER = 61_234;
const account = process.getuid?.() === 0 ? { uid: STRANGER, gid: STRANGER } : {};

/** Only Linux has packages of every version of Node; a copy without its history cannot be cloned. */
export const canHaveNewcomers =
  process.platform === "linux" && ["x64", "arm64"].includes(process.arch) && existsSync(join(root, ".git"));

export interface NewcomerOptions {
  readonly node: string;
  readonly npm: string;
}

export interface Newcomer extends Disposable {
  /** Runs a command in the clone, to its end. */
  run(command: string, ...args: string[]): Promise<{ readonly status: number | null; readonly output: string }>;
}

/** Clones what is committed, with what has been changed since; nothing is set up. */
export function invite({ node, npm }: NewcomerOptions): Newcomer {
  const base = mkdtempSync(join(tmpdir(), "enks new comer-"));
  try {
    const [clone, programs] = [join(base, "key server"), join(base, "programs")];
    for (const name of ["home", "tmp", "programs"]) mkdirSync(join(base, name));
    // The project's own folder may be closed to others, so they get a copy.
    cpSync(installed(`node-linux-${process.arch}`, node), join(programs, "node"), { recursive: true });
    cpSync(installed("npm", npm), join(programs, "npm"), { recursive: true });
    const bin = join(base, "bin");
    mkdirSync(bin);
    symlinkSync(join(programs, "node", "bin", "node"), join(bin, "node"));
    for (const name of ["npm", "npx"]) symlinkSync(join(programs, "npm", "bin", `${name}-cli.js`), join(bin, name));
    cloneInto(clone);
    const npmCache = sharedNpmCache() ?? join(base, "home", "cache");
    if (account.uid !== undefined) execFileSync("chown", ["-R", `${STRANGER}:${STRANGER}`, base]);
    const env = environmentOf(base, bin, npmCache);
    return {
      async run(command, ...args) {
        const child = spawn(command, args, { ...account, cwd: clone, env, stdio: ["ignore", "pipe", "pipe"] });
        const [output, errors, [status]] = await Promise.all([
          text(child.stdout),
          text(child.stderr),
          once(child, "close") as Promise<[number | null]>,
        ]);
        return { status, output: output + errors };
      },
      [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(base, { recursive: true, force: true });
    throw error;
  }
}

/** The folder of a package of the registry, in the project's cache. */
function installed(name: string, version: string): string {
  const prefix = join(cache, `${name}-${version}`);
  const folder = join(prefix, "node_modules", name);
  if (existsSync(join(prefix, "complete"))) return folder;
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", "--prefix", prefix, ...options, `${name}@${version}`], { stdio: "pipe" });
  mkdirSync(join(prefix, "complete"));
  return folder;
}

/** Where npm keeps what it loaded, from one newcomer to the next; null where others cannot reach it. */
function sharedNpmCache(): string | null {
  const folder = join(cache, "npm-cache");
  mkdirSync(folder, { recursive: true });
  if (account.uid === undefined) return folder;
  if (!isOpenToOthers(dirname(folder))) return null;
  execFileSync("chown", ["-R", `${STRANGER}:${STRANGER}`, folder]);
  return folder;
}

function cloneInto(clone: string): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "safe.directory=*", ...args], { cwd: root, encoding: "utf8", stdio: "pipe" });
  git("clone", "--quiet", root, clone);
  const changed = git("ls-files", "--modified", "--others", "--exclude-standard", "-z").split("\0");
  for (const file of changed.filter((name) => name !== "")) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(clone, file));
    else rmSync(join(clone, file), { force: true });
  }
}

/** Nothing of this project's own programs and settings, but what this machine needs to reach the registry. */
function environmentOf(base: string, bin: string, npmCache: string): NodeJS.ProcessEnv {
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8", stdio: "pipe" }).trim();
  const own = /^(npm_|node_(?!extra_ca_certs)|test_|enks_|malloc_|vitest|vite_|init_cwd|database_url|tmpdir)/i;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((part) => !part.startsWith(root));
  return {
    ...Object.fromEntries(kept),
    HOME: join(base, "home"),
    TMPDIR: join(base, "tmp"),
    PATH: [bin, ...path].join(delimiter),
    npm_config_cache: npmCache,
    npm_config_registry: registry,
  };
}
