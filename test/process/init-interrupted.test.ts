// `enks init` that fails, is interrupted or is killed: the folder is as it was, or the next one makes it whole.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePort } from "../../scripts/free-port.ts";
import { type Ended, runCommand, startCommand } from "../support/serve-process.ts";
import { sampled } from "../support/test-size.ts";

/** What an init makes early; it needs a second for what is still to come. */
const BEGUN = join("database", "data.unfinished");
const PATIENCE = { timeout: 60_000, interval: 5 };
const TOKEN = /^enks_[\w-]{43}\n$/;

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "enks-init-"));
  folder = join(base, "deep", "data");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Sends the signal to an init in the middle of its work; again to another one where it was ready before. */
async function endInTheMiddle(signal: NodeJS.Signals): Promise<Ended> {
  for (;;) {
    const init = startCommand(["init", folder]);
    const isBegun = () => existsSync(join(folder, BEGUN)) || existsSync(join(folder, "enks.yaml"));
    await vi.waitFor(() => expect(isBegun()).toBe(true), PATIENCE);
    init.signal(signal);
    const ended = await init.ended;
    if (ended.code !== 0) return ended;
    for (const name of readdirSync(folder).filter((one) => one !== ".keep")) {
      rmSync(join(folder, name), { recursive: true });
    }
  }
}

const INTERRUPTIONS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

test.each(sampled(INTERRUPTIONS, 3))(
  "interrupted by %s it removes what it made, also the folders above",
  async (signal, code) => {
    const errors = expect.stringMatching(new RegExp(`^error init_interrupted: ${signal}`));
    expect(await endInTheMiddle(signal)).toEqual({ code, output: "", errors });
    expect(readdirSync(base)).toEqual([]);
  },
);

test("interrupted in a folder that was there it leaves that, and what is hidden in it", async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ".keep"), "");
  await endInTheMiddle("SIGTERM");
  expect(readdirSync(folder)).toEqual([".keep"]);
});

test("killed it leaves no folder that a server takes, and the next one makes it whole", async () => {
  await endInTheMiddle("SIGKILL");
  expect(await runCommand(["serve", folder])).toMatchObject({
    code: 1,
    errors: expect.stringMatching(/config_missing/),
  });
  expect(await runCommand(["init", folder])).toMatchObject({ code: 0, output: expect.stringMatching(TOKEN) });
  expect(readdirSync(folder).filter((name) => /unfinished|^\./.test(name))).toEqual([]);
});

test("two at once make one folder, and one token", async () => {
  const both = await Promise.all([runCommand(["init", folder]), runCommand(["init", folder])]);
  expect(both.filter(({ output }) => TOKEN.test(output))).toHaveLength(1);
  const [other] = both.filter(({ output }) => output === "");
  expect(other?.errors).toMatch(/There is an administrator already|error config_exists|error database_locked/);
});

test.each([
  [
    "a database that is not there",
    () => ["--database-url", `postgres://x@127.0.0.1:${port}/x`],
    "database_unreachable",
  ],
  ["a folder for keys that cannot be", () => ["--set", "signingKeys.folder=/dev/null/keys"], "folder_unusable"],
] as const)("with %s it fails, never says that it made anything, and leaves nothing", async (_, args, code) => {
  port = await freePort();
  const { errors, ...rest } = await runCommand(["init", folder, ...args()]);
  expect([rest, errors]).toEqual([{ code: 1, output: "" }, expect.stringMatching(new RegExp(`^error ${code}: `))]);
  expect(errors).not.toContain("Made");
  expect(readdirSync(base)).toEqual([]);
});

let port = 0;
