// A server whose launcher, or the npm before it, is killed ends by itself; closing a terminal does not end it.

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { initFolder, type ServeProcess, startServe } from "../support/serve-process.ts";

const base = mkdtempSync(join(tmpdir(), "enks-launcher-"));
const template = join(base, "template");
let server: ServeProcess;
beforeAll(() => initFolder(template));
afterEach(async () => {
  server.signal("SIGKILL");
  await server.ended();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function serve(name: string, launcher?: string): ServeProcess {
  const folder = join(base, name);
  cpSync(template, folder, { recursive: true });
  server = startServe(folder, {}, launcher === undefined ? {} : { launcher });
  return server;
}

test.each([
  ["launcher", "launcher-program.ts"],
  ["npm", "npm-program.ts"],
])("when its %s is killed, the server drains and closes everything", async (name, launcher) => {
  serve(name, launcher);
  const { publicUrl } = await server.started();
  server.signal("SIGKILL");
  expect(await server.next("server.stopping")).toMatchObject({ signal: "launcher-gone" });
  expect(await server.next("server.stopped")).toMatchObject({ exitCode: 0 });
  // Its output is closed: no process of it is left.
  await server.ended();
  await expect(fetch(`${publicUrl}/health`)).rejects.toThrow();
});

test("the launcher hands signals on, and ends with the server's exit code", async () => {
  serve("signals", "launcher-program.ts");
  await server.started();
  server.signal("SIGHUP");
  await server.next("server.terminal-closed");
  server.signal("SIGTERM");
  expect(await server.ended()).toEqual({ code: 0, errors: "" });
});

test("SIGHUP does not stop a server", async () => {
  serve("alone");
  const { publicUrl } = await server.started();
  server.signal("SIGHUP");
  await server.next("server.terminal-closed");
  expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
});
