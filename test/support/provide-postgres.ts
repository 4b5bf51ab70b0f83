// Hands what the environment says to the tests: the PostgreSQL server, if there is one, and the size of the run.

import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A connection URL, or null when the PostgreSQL half is skipped. */
    postgresUrl: string | null;
    /** Whether everything is done that `npm test` takes samples of. */
    isLong: boolean;
  }
}

export function setup(project: TestProject): void {
  project.provide("postgresUrl", process.env["TEST_POSTGRES_URL"] ?? null);
  project.provide("isLong", process.env["TEST_SIZE"] === "long");
}
