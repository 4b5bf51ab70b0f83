// The commands of docs/operate/uploads.md that make uploads possible, and send some, against a server as `enks init` makes it.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, offerEnks, openTerminal } from "../support/documented-terminals.ts";
import { initFolder, startServe } from "../support/serve-process.ts";

/** Of `enks upload`, unless told otherwise. */
const KEYS_EACH = 14;
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!hasOpenssl)("the documented commands let an app upload", async () => {
  const folder = mkdtempSync(join(tmpdir(), "enks-readme-"));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  offerEnks(folder);
  const token = await initFolder(join(folder, "server"));
  const serving = startServe(join(folder, "server"));
  stack.defer(async () => {
    serving.signal("SIGTERM");
    await serving.ended();
  });
  const { publicUrl, adminUrl } = await serving.started();

  const blocks = blocksOf("operate/uploads.md", "uploads");
  expect(blocks).toHaveLength(1);
  const commands = blocks.join("").replace("http://127.0.0.1:8080", publicUrl);
  expect(commands).toContain(publicUrl);
  const profile = `ENKS_TOKEN=${token} npx enks profile add nation --server ${adminUrl}\n`;
  await using terminal = openTerminal(folder, profile + commands);
  expect(await terminal.ended, terminal.output()).toBe(0);

  const [, requests, good] = /^ {2}upload +(\d+) +(\d+) +0 /m.exec(terminal.output()) ?? [];
  expect(good, terminal.output()).toBe(requests);
  expect(Number(good)).toBeGreaterThan(0);
  const totals = await fetch(`${adminUrl}/v1/exposures/totals`, { headers: { authorization: `Bearer ${token}` } });
  expect(await totals.json()).toMatchObject({ byOrigin: { upload: KEYS_EACH * Number(good) } });
});
