// Runs vitest with the arguments given and tells the process that started this of every event.

import { join } from "node:path";
import { parseCLI, startVitest } from "vitest/node";
import { EventReporter } from "./event-reporter.ts";
import type { TestEvent } from "./test-events.ts";

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const root = options.root ?? join(import.meta.dirname, "..", "..");
// An IPC channel delivers in order, and before the process ends.
const tell = (event: TestEvent) => void process.send?.(event);
const vitest = await startVitest(filter, {
  ...options,
  watch: false,
  root,
  reporters: [new EventReporter(root, tell)],
});
await vitest.close();
process.disconnect?.();
