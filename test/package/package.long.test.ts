// The package as docs/operate/server.md installs it: packed, installed in an empty folder, run from there on any Node.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../../scripts/free-port.ts";
import { packageProgram } from "../../scripts/package-program.ts";
import { blocksOf } from "../support/documented-terminals.ts";
import { PATIENCE } from "../support/patience.ts";
import { buildSample, makeSigner } from "../support/sample-archives.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "enks-package-"));
const project = join(folder, "project");

/** Without this repository's own Node, and without what npm tells its children about this repository. */
function strangersEnvironment(): NodeJS.ProcessEnv {
  const own = join(root, "node_modules");
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((part) => !part.startsWith(own));
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local)/.test(name));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), ENKS_PROFILES: join(folder, "profiles.json") };
}

function run(command: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", env: strangersEnvironment() });
  return { status, stdout, stderr };
}

describe("the package", () => {
  beforeAll(() => {
    mkdirSync(project);
    for (const [block, place] of [
      ["package", root],
      ["install", project],
    ] as const) {
      const commands = blocksOf("operate/server.md", block)
        .join("")
        .replaceAll("/tmp/", `${folder}/`)
        .replaceAll(" /tmp", ` ${folder}`);
      expect(commands).toContain(folder);
      expect(run("bash", ["-e", "-c", commands], place)).toMatchObject({ status: 0 });
    }
    // For the program below, which is a module.
    expect(run("npm", ["pkg", "set", "type=module"], project)).toMatchObject({ status: 0 });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("verifies archives", async () => {
    const signer = makeSigner();
    writeFileSync(join(project, "export.zip"), await buildSample([signer]));
    writeFileSync(join(project, "public.pem"), signer.pem);
    const verified = run("npx", ["enks", "archive", "verify", "export.zip", "--key", "public.pem"], project);
    expect(verified).toMatchObject({ status: 0 });
  });

  test("initialises and serves a server", async () => {
    const adminPort = await freePort();
    const ports = ["--public-port", "0", "--admin-port", String(adminPort)];
    const made = run("npx", ["enks", "init", "server", ...ports, "--profile", "packaged"], project);
    expect(made, made.stderr).toMatchObject({ status: 0 });
    const serving = spawn("npx", ["enks", "serve", "server"], {
      cwd: project,
      env: strangersEnvironment(),
      stdio: "ignore",
      detached: true,
    });
    const ended = once(serving, "exit");
    try {
      await vi.waitFor(
        async () => expect((await fetch(`http://127.0.0.1:${adminPort}/health/ready`)).status).toBe(200),
        PATIENCE,
      );
      const status = run("npx", ["enks", "--profile", "packaged", "status", "--json"], project);
      expect(JSON.parse(status.stdout)).toMatchObject({ freshness: "healthy" });
    } finally {
      if (serving.pid !== undefined) process.kill(-serving.pid, "SIGINT");
      await ended;
    }
  });

  test("has types for whoever builds on it", () => {
    const program = [
      'import { openArchive } from "enks/archive/open-archive";',
      'import { createUploader } from "enks/client";',
      "const opened: ReturnType<typeof openArchive> | null = null;",
      "console.log(typeof openArchive, typeof createUploader, opened);",
    ];
    writeFileSync(join(project, "program.ts"), program.join("\n"));
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "esnext", "--skipLibCheck"];
    const checked = run(process.execPath, [packageProgram("typescript", "tsc"), ...options, "program.ts"], project);
    expect(checked).toMatchObject({ status: 0, stdout: "" });
    const ran = run(process.execPath, ["program.ts"], project);
    expect(ran).toMatchObject({ status: 0, stdout: "function function null\n" });
  });
});
