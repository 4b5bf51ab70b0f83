// Hands the address of the PostgreSQL server, if there is one, from the environment to the tests.

import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A connection URL, or null when the PostgreSQL half is skipped. */
    postgresUrl: string | null;
  }
}

export function setup(project: TestProject): void {
  project.provide("postgresUrl", process.env["TEST_POSTGRES_URL"] ?? null);
}
