// How the tests run: `unit` beside the code plus the architecture, `whole` everything under test/ besides.

import { defineConfig } from "vitest/config";

const common = {
  // One process keeps its embedded databases for the next file; no test replaces modules, so none needs its own copy.
  pool: "forks" as const,
  isolate: false,
  globalSetup: ["test/support/provide-postgres.ts"],
  hookTimeout: 30_000,
};

export default defineConfig({
  test: {
    maxWorkers: 2,
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
        test: {
          ...common,
          name: "whole",
          include: ["test/**/*.test.ts"],
          exclude: ["test/architecture.test.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
