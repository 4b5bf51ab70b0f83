// A disk that is full while an archive is written: the limit of the system is real, and lifted while the process lives.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import { openFilesystemSigningKeys } from "../../src/platform/keys/filesystem-signing-keys.ts";
import { type ChildProgram, startProgram } from "../support/child-program.ts";
import { IndexFollower, namesOf } from "../support/index-follower.ts";
import { makeKeys } from "../support/location-world.ts";
import { openObjects } from "../support/open-data-folder.ts";

const KEYS = 10_000;
/** In units of 1,024 bytes: less than the archive, more than everything else. */
const LIMIT = "ulimit -S -f 100";
const canLift = spawnSync("prlimit", ["--version"]).status === 0;

test.skipIf(!canLift)(
  "an export says so once in each run, lives, and publishes everything when there is room",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "disk-full-"));
    const program = startProgram("full-disk-program.ts", [folder, String(KEYS)], LIMIT);
    try {
      expect(await linesUntil(program, "ready")).toEqual([]);
      const publicKeyPem = await (await openFilesystemSigningKeys(`${folder}/signing-keys`)).publicKeyPem("seal");
      const publicKey = parsePublicKey(publicKeyPem, nodeArchiveTools);
      const blobs = await openObjects(folder);
      const follower = new IndexFollower(blobs, "client", [
        { keyId: "262", keyVersion: "v1", publicKey, from: 0, until: null },
      ]);

      for (let run = 0; run < 2; run++) {
        expect(await runOnce(program)).toEqual([
          expect.stringMatching(/^export\.failed blob_storage_full: .*no room left/),
        ]);
        expect(await blobs.list("")).toEqual([]);
      }

      execFileSync("prlimit", ["--pid", String(program.process.pid), "--fsize=unlimited:"]);
      expect(await runOnce(program)).toEqual([]);
      await follower.check();
      expect(follower.problems).toEqual([]);
      expect(follower.archives.flatMap(({ primaries }) => namesOf(primaries)).sort()).toEqual(
        namesOf(makeKeys(0, KEYS)).sort(),
      );
    } finally {
      await program.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function runOnce(program: ChildProgram): Promise<string[]> {
  program.process.stdin?.write("run\n");
  return linesUntil(program, "done");
}

/** What it prints before the line `last`. */
async function linesUntil(program: ChildProgram, last: string): Promise<string[]> {
  const said: string[] = [];
  for (;;) {
    const { value, done } = await program.lines.next();
    if (done === true) throw new Error(`the process ended after ${JSON.stringify(said)}`);
    if (value === last) return said;
    said.push(value);
  }
}
