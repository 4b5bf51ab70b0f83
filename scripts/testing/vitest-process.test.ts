// What vitest tells through the reporter, from tests that pass, fail, are skipped, or cannot even be loaded.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchTests } from "./watch-tests.ts";

const FILES = {
  "good.test.js": `test("one", () => {}); test.skip("two", () => {});`,
  "bad.test.js": `test("three", () => { expect({ keys: 1 }).toEqual({ keys: 2 }); });`,
  "hook.test.js": `describe("with a hook", () => { beforeAll(() => { throw new Error("no disk"); }); test("four", () => {}); });`,
  "lost.test.js": `import "./nowhere.js"; test("five", () => {});`,
};

test("every failure is told with its file, its name and its reason", async () => {
  const folder = mkdtempSync(join(tmpdir(), "enks reporter-"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const lines: string[] = [];
  const { exitCode, tally } = await watchTests({
    command: process.execPath,
    args: [join(import.meta.dirname, "vitest-process.ts"), "--root", folder, "--globals"],
    environment: process.env,
    stillMilliseconds: 8 * 60_000,
    print: (line) => lines.push(line),
  }).finally(() => rmSync(folder, { recursive: true, force: true }));
  const text = lines.join("\n");
  expect(exitCode, text).toBe(1);
  expect(text).toMatch(/FAILED bad.test.js > three\n {2}AssertionError: expected .*\n(.*\n)+ {2}at bad.test.js:1:\d+/);
  expect(text).toMatch(/FAILED hook.test.js > with a hook\n {2}Error: no disk/);
  expect(text).toMatch(/FAILED lost.test.js > the file\n {2}Error: .*nowhere.js/);
  expect(tally.counts()).toEqual({ passed: 1, failed: 3, skipped: 2 });
  expect(tally.isComplete).toBe(true);
});
