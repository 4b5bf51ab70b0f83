// How the tests run: `unit` beside the code plus the architecture; `whole`, everything under test/ besides. With the
// environment TEST_SIZE=long instead `long`, what `npm test` takes samples of or leaves out; with TEST_SIZE=platform
// `platform`, what needs programs that are installed first.

import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const isLong = process.env["TEST_SIZE"] === "long";
const isPlatform = process.env["TEST_SIZE"] === "platform";

/** A test waits for what it needs, however busy the machine is; this ends one that waits for what never comes. */
const STUCK_MILLISECONDS = (isLong ? 30 : 8) * 60_000;

const common = {
  // One process keeps its embedded databases for the next file; no test replaces modules, so none needs its own copy.
  pool: "forks" as const,
  isolate: false,
  globalSetup: ["test/support/provide-postgres.ts"],
  testTimeout: STUCK_MILLISECONDS,
  hookTimeout: STUCK_MILLISECONDS,
};

const PLATFORM_TESTS = "test/platform/**/*.test.ts";
const LONG_TESTS = "test/**/*.long.test.ts";

/** The files that have a sample for `npm test` and more for the long run. */
function sizedTests(): string[] {
  const files = globSync("test/**/*.test.ts", { cwd: import.meta.dirname });
  return files.filter((file) => readFileSync(join(import.meta.dirname, file), "utf8").includes("/test-size.ts"));
}

/** They wait for real processes and real time. */
const WAITING =
  /\/test\/(process|journey|package|set-up)\/|\/test\/kill\/(jobs|serve)-|\/(serve-\w+|jobs-api|job-subjects|job-runner[-\w]*)\.test\.ts$/;

function isWaiting({ moduleId }: TestSpecification): boolean {
  return WAITING.test(moduleId);
}

/** One that waits, one that works: so the processors are busy from beginning to end. */
function mixed(sorted: readonly TestSpecification[]): TestSpecification[] {
  const [waiting, working] = [sorted.filter(isWaiting), sorted.filter((file) => !isWaiting(file))];
  const pairs = waiting.map((file, at) => [file, ...working.slice(at, at + 1)]);
  return [...pairs.flat(), ...working.slice(waiting.length)];
}

/** The order of the tests that the seed TEST_ORDER_SEED gives; they must pass in every order. */
function shuffled(files: readonly TestSpecification[], seed: string): TestSpecification[] {
  const place = ({ moduleId }: TestSpecification) => createHash("sha256").update(`${seed} ${moduleId}`).digest("hex");
  return files.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
}

/**
 * Files of a project stay together: vitest ends a process, and the databases in it, before that would take a file of
 * another project. The short ones of `unit` come last and fill what time the others leave.
 */
class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seed = process.env["TEST_ORDER_SEED"];
    const sorted = seed === undefined ? await super.sort(files) : shuffled(files, seed);
    return ["platform", "long", "whole", "unit"].flatMap((name) => {
      const own = sorted.filter(({ project }) => project.name === name);
      return seed === undefined ? mixed(own) : own;
    });
  }
}

export default defineConfig({
  test: {
    // More than two processors: many of these wait. An embedded database takes about 300 MB.
    maxWorkers: 4,
    sequence: { sequencer: Mixed },
    projects: isPlatform
      ? [{ test: { ...common, name: "platform", include: [PLATFORM_TESTS] } }]
      : isLong
        ? [{ test: { ...common, name: "long", include: [LONG_TESTS, ...sizedTests()] } }]
        : [
            {
              test: {
                ...common,
                name: "unit",
                include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "test/architecture.test.ts"],
              },
            },
            {
              test: {
                ...common,
                name: "whole",
                include: ["test/**/*.test.ts"],
                exclude: ["test/architecture.test.ts", LONG_TESTS, PLATFORM_TESTS],
              },
            },
          ],
  },
});
