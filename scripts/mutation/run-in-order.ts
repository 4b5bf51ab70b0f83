// `node scripts/mutation/run-in-order.ts LIST`: runs the test files that the JSON file LIST names, in that order, one
// after the other in one process, and says what happens line by line.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BaseSequencer, startVitest, type TestSpecification } from "vitest/node";
import { LineReporter } from "./line-reporter.ts";

const root = join(import.meta.dirname, "..", "..");
const files: string[] = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
const places = new Map(files.map((file, place) => [join(root, file), place]));

class AsGiven extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    return specifications.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  return places.get(moduleId) ?? 0;
}

const vitest = await startVitest("test", [], {
  config: false,
  root,
  watch: false,
  include: files,
  pool: "forks",
  isolate: false,
  maxWorkers: 1,
  globalSetup: ["test/support/provide-postgres.ts"],
  hookTimeout: 60_000,
  testTimeout: 240_000,
  sequence: { sequencer: AsGiven },
  reporters: [new LineReporter(root)],
});
await vitest.close();
