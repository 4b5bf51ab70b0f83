// `enks` as a process of its own: its exit codes, its streams, how soon it starts, and the shell's completion.

import { type ExecFileException, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SHELL_SCRIPTS } from "../../src/cli/completion/shell-scripts.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";
import { PATIENCE } from "../support/patience.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const FLAG = "--disable-warning=ExperimentalWarning";

let world: CliWorld;
let folder: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  world = await makeCliWorld();
  folder = await mkdtemp(join(tmpdir(), "enks-process-"));
  environment = {
    PATH: `${folder}:${process.env["PATH"]}`,
    ENKS_SERVER: world.admin.url,
    ENKS_TOKEN: world.admin.administrator.token,
    ENKS_PROFILES: join(folder, "profiles.json"),
  };
  await world.enks(["signing-key", "create", "ours"]);
  await world.enks(["location", "create", "client", "--signing-key", "ours", "--key-id", "1", "--key-version", "v1"]);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

function run(program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  return new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const options = { env: { ...environment, ...more }, timeout: PATIENCE.timeout };
    execFile(program, args, options, (error: ExecFileException | null, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err });
    });
  });
}

const enks = (words: readonly string[], more?: NodeJS.ProcessEnv) =>
  run(process.execPath, [FLAG, MAIN, ...words], more);

test("ends with 0, 1, 2 and 3", async () => {
  expect(await enks(["location", "list"])).toMatchObject({ code: 0, out: expect.stringContaining("client"), err: "" });
  expect(await enks(["export", "show", "x"])).toMatchObject({ code: 1, out: "" });
  expect(await enks(["location", "lst"])).toMatchObject({ code: 2, out: "" });
  expect(await enks(["status", "--server", "http://127.0.0.1:9"])).toMatchObject({ code: 3, out: "" });
});

test("colours only where somebody asks for them when the output is no screen", async () => {
  expect((await enks(["status"])).out).not.toContain("\u001B");
  expect((await enks(["status"], { FORCE_COLOR: "1" })).out).toContain("\u001B[");
  expect((await enks(["status"], { NO_COLOR: "1" })).out).not.toContain("\u001B");
});

test("reads a tree from standard input, and asks nobody there", async () => {
  const child = spawn(process.execPath, [FLAG, MAIN, "apply", "-f", "-", "--yes"], { env: environment });
  child.stdin.end("signingKeys: [piped]\n");
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(out).toContain("made: signing-key piped");
});

test.each([
  ["location", "list"],
  ["status", "--watch"],
])("%s %s ends well when nobody reads its output", async (...words) => {
  const script = `"$0" ${FLAG} "${MAIN}" ${words.join(" ")} | true; echo "\${PIPESTATUS[0]}"`;
  expect(await run("bash", ["--norc", "-c", script, process.execPath])).toEqual({ code: 0, out: "0\n", err: "" });
});

test("a watch ends well at Ctrl-C", async () => {
  const child = spawn(process.execPath, [FLAG, MAIN, "status", "--watch"], { env: environment });
  await once(child.stdout, "data");
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([0, null]);
});

test("bash completes commands, and names that the server knows", async () => {
  const shim = join(folder, "enks");
  await writeFile(shim, `#!/bin/sh\nexec "${process.execPath}" ${FLAG} "${MAIN}" "$@"\n`);
  await chmod(shim, 0o755);
  expect(await complete("loc")).toMatchObject({ code: 0, out: "location\n" });
  // A server that does not answer in a moment has no say: on a busy machine the key is pressed again.
  for (const words of [
    ["location", "show", ""],
    ["export", "create", "x", "--location", "c"],
  ]) {
    await vi.waitFor(async () => expect(await complete(...words)).toMatchObject({ out: "client\n" }), PATIENCE);
  }
});

test.each(["bash", "zsh", "fish"])("prints what %s loads", async (shell) => {
  const { code, out } = await world.enks(["completion", shell]);
  expect(code).toBe(0);
  expect(out).toContain("__complete");
});

/** What bash puts behind these words when its user presses the tab key. */
function complete(...words: string[]) {
  const cursor = `COMP_WORDS=(enks ${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length}`;
  return run("bash", ["--norc", "-c", `${SHELL_SCRIPTS.bash}\n${cursor}; _enks; echo "\${COMPREPLY[*]}"`]);
}
