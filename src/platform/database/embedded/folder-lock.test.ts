// One process at a time has a data folder, and a dead one never keeps it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ChildProgram, startProgram } from "../../../../test/support/child-program.ts";
import { lockFolder } from "./folder-lock.ts";

let folder: string;
const programs: ChildProgram[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "enks-lock-"));
});
afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
  rmSync(folder, { recursive: true });
});

function startLocker(): ChildProgram {
  const program = startProgram("lock-folder-program.ts", [folder]);
  programs.push(program);
  return program;
}

async function firstLine(program: ChildProgram): Promise<string> {
  return (await program.lines.next()).value;
}

test("a folder that another process holds is refused, and the refusal names that process", async () => {
  const owner = startLocker();
  expect(await firstLine(owner)).toBe("locked");
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({
      code: "database_locked",
      message: expect.stringMatching(new RegExp(`process ${owner.process.pid} .* since \\d{4}-`)),
      remedy: expect.stringContaining("another data folder"),
    }),
  );
});

test("a process that is killed gives the folder free at once", async () => {
  const owner = startLocker();
  expect(await firstLine(owner)).toBe("locked");
  await owner.kill();
  lockFolder(folder).release();
});

test("of many processes that start at once after a crash exactly one gets the folder", async () => {
  const crashed = startLocker();
  expect(await firstLine(crashed)).toBe("locked");
  await crashed.kill();
  const said = await Promise.all(Array.from({ length: 6 }, () => firstLine(startLocker())));
  expect(said.sort()).toEqual([...Array.from({ length: 5 }, () => "database_locked"), "locked"]);
});

test("the same process cannot hold a folder twice, and can have it again after releasing it", () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`process ${process.pid} `);
  lock.release();
  lock.release();
  lockFolder(folder).release();
});

test("a damaged note about the owner changes nothing but the message", () => {
  const lock = lockFolder(folder);
  writeFileSync(join(folder, "lock-owner.json"), "{");
  expect(() => lockFolder(folder)).toThrow("in use by another process");
  lock.release();
});

test("a folder that does not exist cannot be locked", () => {
  expect(() => lockFolder(join(folder, "missing"))).toThrow(
    expect.objectContaining({ code: "database_folder_invalid" }),
  );
});
