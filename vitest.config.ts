// How the tests run: `unit` beside the code plus the architecture; `process`, which wait for real processes and real
// time; `whole`, everything under test/ besides.

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const common = {
  // One process keeps its embedded databases for the next file; no test replaces modules, so none needs its own copy.
  pool: "forks" as const,
  isolate: false,
  globalSetup: ["test/support/provide-postgres.ts"],
  hookTimeout: 60_000,
};

const PROCESS_TESTS = [
  "test/{process,journey,package}/**/*.test.ts",
  "test/kill/{jobs,serve}-*.test.ts",
  "test/integration/{serve-*,jobs-api}.test.ts",
  "test/contract/job-runner*.test.ts",
];

function isWaiting({ project }: TestSpecification): boolean {
  return project.name === "process";
}

/** One that waits, one that works: so the processors are busy from beginning to end. */
class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const [waiting, working] = [sorted.filter(isWaiting), sorted.filter((file) => !isWaiting(file))];
    const pairs = waiting.map((file, at) => [file, ...working.slice(at, at + 1)]);
    return [...pairs.flat(), ...working.slice(waiting.length)];
  }
}

export default defineConfig({
  test: {
    // More than two processors: many of these wait. An embedded database takes about 300 MB.
    maxWorkers: 4,
    sequence: { sequencer: Mixed },
    projects: [
      {
        test: {
          ...common,
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "test/architecture.test.ts"],
          testTimeout: 20_000,
        },
      },
      {
        test: { ...common, name: "process", include: PROCESS_TESTS, testTimeout: 240_000 },
      },
      {
        test: {
          ...common,
          name: "whole",
          include: ["test/**/*.test.ts"],
          exclude: ["test/architecture.test.ts", ...PROCESS_TESTS],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
