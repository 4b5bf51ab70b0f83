// `enks simulate` as a user runs it: exit codes, tables, what is refused, and how a known defect is shown.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PATIENCE } from "../support/patience.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");

function simulate(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, "simulate", ...args], { timeout: PATIENCE.timeout }, (error, output, errors) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output, errors });
    });
  });
}

test("tells what was tried and ends with 0", async () => {
  const { code, output } = await simulate("--runs", "2", "--seed", "1", "--days", "0.5", "--phones", "2");
  expect(output).toMatch(/worlds +2\n/);
  expect(output).toContain("Every invariant held");
  expect(output).toContain("Faults");
  expect(code).toBe(0);
});

test("repeats a part of a world, for machines too", async () => {
  const part = ["--runs", "1", "--seed", "4", "--days", "0.5", "--only", "hours=6,phones=0,faults="];
  const [first, second] = await Promise.all([simulate(...part, "--json"), simulate(...part, "--json")]);
  expect(first).toMatchObject({ code: 0 });
  expect(JSON.parse(first.output)).toMatchObject({ broken: [], faults: {}, deaths: 0 });
  expect(second.output).toBe(first.output);
});

test("shows a known defect with the invariant that notices it, and ends with 1", async () => {
  const { code, output } = await simulate("--break", "no-grace");
  expect(output).toContain("I5 notices it.");
  expect(output).toMatch(/what a phone sees: \w/);
  expect(code).toBe(1);
});

test("lists the known defects", async () => {
  const { code, output } = await simulate("--break");
  expect(output).toContain("failed-file-inserted-mid-index");
  expect(code).toBe(0);
});

test.each([
  ["--runs", "0"],
  ["--seed", "x"],
  ["--faults", "all"],
  ["--days", "0"],
  ["--days", "40"],
  ["--phones", "none"],
  ["--only", "everything"],
  ["--threads", "99"],
  ["--break", "no-such-defect"],
  ["--speed", "3"],
])("%s %s is misuse and ends with 2", async (...args) => {
  const { code, errors } = await simulate(...args);
  expect(errors).toMatch(/^error( simulation_options_invalid)?: /);
  expect(code).toBe(2);
});

test("a part of a world that makes no sense is refused with the reason, and ends with 2", async () => {
  const { code, errors } = await simulate("--runs", "1", "--only", "phones=");
  expect(errors).toContain("world_impossible: seed 1:");
  expect(errors).toContain("nobody follows");
  expect(code).toBe(2);
});
