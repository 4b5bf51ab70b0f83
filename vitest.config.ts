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
  "test/{process,kill,journey,package}/**/*.test.ts",
  "test/integration/{serve-*,cli-process,demo-command}.test.ts",
  "test/contract/job-runner*.test.ts",
];

/** Those that wait begin first: the others fill the time. */
class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWaiting = ({ project }: TestSpecification) => project.name === "process";
    return [...sorted.filter(isWaiting), ...sorted.filter((file) => !isWaiting(file))];
  }
}

export default defineConfig({
  test: {
    // More than two processors: many of these wait. An embedded database takes about 300 MB.
    maxWorkers: 4,
    sequence: { sequencer: WaitingFirst },
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
