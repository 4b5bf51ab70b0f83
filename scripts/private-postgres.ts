// A throw-away PostgreSQL server for the tests: own folder, own port, own password, gone afterwards.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import { freePort } from "./free-port.ts";

export interface PrivatePostgres {
  readonly url: string;
  stop(): Promise<void>;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** On a machine that is busy with other things. */
const START_MILLISECONDS = 5 * 60_000;
const STOP_MILLISECONDS = 60_000;

/** Nothing of a throw-away server needs to survive a crash of the machine. */
const FAST = ["fsync=off"];

/**
 * Starts a server with the programs in `programs` and with `settings`; rejects with what they said when it does not come
 * up.
 */
export async function startPrivatePostgres(programs: string, settings = FAST): Promise<PrivatePostgres> {
  const account = unprivilegedAccount();
  const folder = mkdtempSync(join(temporaryFolder(account), "enks-test-postgres-"));
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  const password = randomBytes(16).toString("hex");
  try {
    createCluster(programs, folder, password, account);
    const port = await freePort();
    const server = spawnSupervised(programs, folder, [`port=${port}`, ...settings], account);
    const url = `postgres://enks:${password}@127.0.0.1:${port}/postgres`;
    await untilReady(server, url);
    return { url, stop: () => stop(server, folder) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root; then somebody else runs it. */
function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const chosen = ["postgres", "nobody"].map((name) => accounts.find(([given]) => given === name)).find(Boolean);
  if (chosen === undefined) throw new Error("neither an account `postgres` nor `nobody` to run PostgreSQL as");
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) };
}

/** The usual folder for temporary files, or one that the other account can reach. */
function temporaryFolder(account: Account): string {
  const usual = tmpdir();
  return account.uid === undefined || isOpenToOthers(usual) ? usual : "/tmp";
}

/** Whether other users can go into the folder. */
export function isOpenToOthers(folder: string): boolean {
  const open = (statSync(folder).mode & 0o001) !== 0;
  return open && (dirname(folder) === folder || isOpenToOthers(dirname(folder)));
}

function createCluster(programs: string, folder: string, password: string, account: Account): void {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(passwordFile, account.uid, account.gid);
  const made = spawnSync(
    join(programs, "initdb"),
    ["-D", join(folder, "data"), "-U", "enks", "-A", "scram-sha-256", "--pwfile", passwordFile].concat([
      "-E",
      "UTF8",
      "--locale=C",
      "--no-sync",
    ]),
    { ...account, cwd: folder, encoding: "utf8", timeout: START_MILLISECONDS },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

// The shell outlives this process however it ends: its standard input then closes, and it stops the server.
const SUPERVISOR = `
trap '' INT TERM HUP
"$@" </dev/null & server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$0"`;

function spawnSupervised(programs: string, folder: string, given: readonly string[], account: Account): ChildProcess {
  const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, ...given];
  return spawn(
    "sh",
    ["-c", SUPERVISOR, folder, join(programs, "postgres"), "-D", join(folder, "data")].concat(
      settings.flatMap((setting) => ["-c", setting]),
    ),
    { ...account, cwd: "/", detached: true, stdio: ["pipe", "ignore", "pipe"], env: usualEnvironment() },
  );
}

/** Without what the launchers of enks set for its own processes. */
function usualEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in MEMORY_SETTINGS)));
}

async function untilReady(server: ChildProcess, url: string): Promise<void> {
  let said = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  for (let waited = 0; waited < START_MILLISECONDS && server.exitCode === null; waited += 50) {
    if (await answers(url)) return;
    await pause(50);
  }
  server.stdin?.end();
  throw new Error(`the server did not start: ${said}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function stop(server: ChildProcess, folder: string): Promise<void> {
  const ended = server.exitCode === null ? once(server, "exit") : Promise.resolve();
  server.stdin?.end();
  await Promise.race([ended, pause(STOP_MILLISECONDS, undefined, { ref: false })]);
  rmSync(folder, { recursive: true, force: true });
}
