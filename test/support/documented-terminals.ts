// The commands that documents name, and terminals to run them in.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../scripts/free-port.ts";

const WRITTEN_PORT = /(?<=port |127\.0\.0\.1:)\d+/g;
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The code blocks of one terminal in `document`, a path below docs/, in their order. */
export function blocksOf(document: string, terminal: string): string[] {
  const text = readFileSync(join(root, "docs", document), "utf8");
  const blocks = text.matchAll(/^```sh (\S+)\n([\s\S]*?)^```$/gm);
  return [...blocks].filter(([, name]) => name === terminal).map(([, , commands]) => commands ?? "");
}

/** The ports of the documents, each with one that is free here; a server of the tutorial may be running. */
export async function portsOf(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ports = new Set(texts.flatMap((text) => text.match(WRITTEN_PORT) ?? []));
  return new Map(await Promise.all([...ports].map(async (port) => [port, String(await freePort())] as const)));
}

/** The text with the ports that `portsOf` chose. */
export function withPorts(text: string, ports: ReadonlyMap<string, string>): string {
  return text.replaceAll(WRITTEN_PORT, (port) => ports.get(port) ?? port);
}

/** Makes `npx enks` in `folder` the one of this repository. */
export function offerEnks(folder: string): void {
  mkdirSync(join(folder, "node_modules", ".bin"), { recursive: true });
  symlinkSync(join(root, "bin", "enks.mjs"), join(folder, "node_modules", ".bin", "enks"));
}

export interface Terminal extends AsyncDisposable {
  readonly output: () => string;
  /** Resolves with the exit code of the commands. */
  readonly ended: Promise<number | null>;
  /** Ctrl-C: every program of the terminal gets it. */
  interrupt(): void;
}

/** Runs commands as a person types them: one after the other, the first failure ends them. */
export function openTerminal(folder: string, commands: string): Terminal {
  const child: ChildProcess = spawn("bash", ["-e", "-c", commands], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ENKS_PROFILES: join(folder, "profiles.json"), NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = once(child, "exit").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // All of them have ended.
    }
  };
  return {
    output: () => output,
    ended,
    interrupt: () => signal("SIGINT"),
    async [Symbol.asyncDispose]() {
      signal("SIGKILL");
      await ended;
    },
  };
}
