// A server on a data folder whose processes are killed in the middle of their jobs, and what it has published by then.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrustedKey } from "../../src/archive/archive-types.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import type { UnixSeconds } from "../../src/core/clock.ts";
import { type ChildProgram, startProgram } from "./child-program.ts";
import { createClientLocation } from "./export-setup.ts";
import { IndexFollower } from "./index-follower.ts";
import { type OpenFolder, openDataFolder, openObjects } from "./open-data-folder.ts";

export interface KilledServer extends AsyncDisposable {
  /** Sees the location "client". */
  readonly follower: IndexFollower;
  /** Opens the server in this process, for `work` only. */
  use(now: UnixSeconds, work: (server: OpenFolder) => Promise<void>): Promise<void>;
  /**
   * Starts a process that runs `jobs`, lets it go on until it has said `count` lines that begin with `last`, and kills it
   * there. Answers all that it said.
   */
  killAt(now: UnixSeconds, jobs: readonly string[], last: string, count?: number): Promise<string[]>;
  /** Starts a process that runs `jobs` to their end. */
  finish(now: UnixSeconds, jobs: readonly string[]): Promise<string[]>;
}

export async function makeKilledServer(now: UnixSeconds): Promise<KilledServer> {
  const folder = mkdtempSync(join(tmpdir(), "server-killed-"));
  const running: ChildProgram[] = [];
  const use: KilledServer["use"] = async (at, work) => {
    const server = await openDataFolder(folder, { now: at });
    try {
      await work(server);
    } finally {
      await server.close();
    }
  };
  const trustedKeys: TrustedKey[] = [];
  await use(now, async (server) => {
    await createClientLocation(server);
    const publicKey = parsePublicKey(await server.signingKeys.publicKeyPem("seal"), nodeArchiveTools);
    trustedKeys.push({ keyId: "262", keyVersion: "v1", publicKey, from: 0, until: null });
  });
  const start = (at: UnixSeconds, jobs: readonly string[]) => {
    const program = startProgram("jobs-program.ts", [folder, String(at), ...jobs]);
    running.push(program);
    return program;
  };
  return {
    use,
    follower: new IndexFollower(await openObjects(folder), "client", trustedKeys),
    async killAt(at, jobs, last, count = 1) {
      const program = start(at, jobs);
      const said = await goOn(program, last, count);
      await program.kill();
      return said;
    },
    async finish(at, jobs) {
      return goOn(start(at, jobs), "", Number.POSITIVE_INFINITY);
    },
    async [Symbol.asyncDispose]() {
      for (const program of running) await program.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Answers each line, until it has said `count` lines that begin with `last` or is gone; answers all that it said. */
async function goOn(program: ChildProgram, last: string, count: number): Promise<string[]> {
  const said: string[] = [];
  let seen = 0;
  for (;;) {
    const { value, done } = await program.lines.next();
    if (done === true) return said;
    said.push(value);
    if (value.startsWith(last) && ++seen >= count) return said;
    if (/^(before|after) /.test(value)) program.process.stdin?.write("go on\n");
  }
}
