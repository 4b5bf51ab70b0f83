// Programs that speak the protocols of object storage services, started for a test on this machine.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { vi } from "vitest";
import { type CounterpartName, folderOf } from "../../scripts/counterparts/counterparts.ts";
import { freePort } from "../../scripts/free-port.ts";
import { PATIENCE } from "./patience.ts";

export function isInstalled(...names: readonly CounterpartName[]): boolean {
  return names.every((name) => existsSync(folderOf(name)));
}

/** Loads a library of a service from the cache, as `loadPeer` would from beside the program. */
export async function loadLibrary(name: string): Promise<unknown> {
  const require = createRequire(join(folderOf("libraries"), "package.json"));
  const module: unknown = await import(pathToFileURL(require.resolve(name)).href);
  return module;
}

export interface RunningCounterpart {
  /** Without a slash at the end. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: "tester", AWS_SECRET_ACCESS_KEY: "tester-secret" } as const;

export function startVersitygw(): Promise<RunningCounterpart> {
  return start((port, folder) => ({
    program: join(folderOf("versitygw"), "versitygw"),
    args: ["--port", `127.0.0.1:${port}`, "--quiet", "--keep-alive", "posix"],
    last: join(folder, "objects"),
    environment: {
      ROOT_ACCESS_KEY: S3_CREDENTIALS.AWS_ACCESS_KEY_ID,
      ROOT_SECRET_KEY: S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  }));
}

export function startFakeGcs(): Promise<RunningCounterpart> {
  return start((port) => ({
    program: join(folderOf("fake-gcs-server"), "fake-gcs-server"),
    args: ["-scheme", "http", "-host", "127.0.0.1", "-port", String(port), "-backend", "memory", "-log-level", "error"],
    environment: {},
  }));
}

/** Its account is the one that every emulator has; its key is public. */
export function startAzurite(): Promise<RunningCounterpart> {
  return start((port, folder) => ({
    program: process.execPath,
    args: [
      join(folderOf("azurite"), "node_modules", "azurite", "dist", "src", "blob", "main.js"),
      "--blobHost",
      "127.0.0.1",
      "--blobPort",
      String(port),
      "--location",
      folder,
      "--silent",
      "--skipApiVersionCheck",
    ],
    environment: {},
  }));
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** The last argument. */
  readonly last?: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function start(commandOf: (port: number, folder: string) => Command): Promise<RunningCounterpart> {
  const folder = await mkdtemp(join(tmpdir(), "enks-counterpart-"));
  const port = await freePort();
  const { program, args, last, environment } = commandOf(port, folder);
  for (const own of ["metadata", "objects"]) await mkdir(join(folder, own));
  const child = spawn(program, last === undefined ? args : [...args, last], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { PATH: process.env["PATH"], HOME: folder, ...environment },
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await vi.waitFor(() => (child.exitCode === null ? fetch(endpoint) : undefined), PATIENCE);
  if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
  return { endpoint, stop: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
  await rm(folder, { recursive: true });
}
