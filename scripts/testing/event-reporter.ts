// A reporter of vitest that tells of every beginning, end and failure at once.

import { relative } from "node:path";
import type { Reporter, SerializedError, TestCase, TestModule, TestSpecification } from "vitest/node";
import { reasonOf } from "./failure-reason.ts";
import type { TestCounts, TestEvent } from "./test-events.ts";

export class EventReporter implements Reporter {
  private readonly root: string;
  private readonly tell: (event: TestEvent) => void;

  constructor(root: string, tell: (event: TestEvent) => void) {
    this.root = root;
    this.tell = tell;
  }

  onTestRunStart(files: readonly TestSpecification[]): void {
    this.tell({ kind: "planned", files: files.length });
  }

  onTestModuleStart(module: TestModule): void {
    this.tell({ kind: "file-begins", file: this.fileOf(module) });
  }

  onTestCaseReady(test: TestCase): void {
    this.tell({ kind: "test-begins", file: this.fileOf(test.module), test: test.fullName });
  }

  onTestCaseResult(test: TestCase): void {
    const [file, { state, errors }] = [this.fileOf(test.module), test.result()];
    this.fail(file, test.fullName, errors);
    if (state !== "pending") this.tell({ kind: "test-ends", file, test: test.fullName, state });
  }

  onTestModuleEnd(module: TestModule): void {
    const file = this.fileOf(module);
    this.fail(file, "the file", module.errors());
    for (const suite of module.children.allSuites()) this.fail(file, suite.fullName, suite.errors());
    const milliseconds = Math.round(module.diagnostic().duration);
    this.tell({ kind: "file-ends", file, counts: countsOf(module), milliseconds });
  }

  onTestRunEnd(_modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    this.fail("", "outside of a test", errors);
  }

  private fail(file: string, test: string, errors: readonly SerializedError[] = []): void {
    for (const error of errors) this.tell({ kind: "failure", file, test, reason: reasonOf(error, this.root) });
  }

  private fileOf({ moduleId }: TestModule): string {
    return relative(this.root, moduleId);
  }
}

/** A file that failed without a failed test, since a hook did or it could not be loaded, counts as one. */
function countsOf(module: TestModule): TestCounts {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    counts[state === "pending" ? "skipped" : state]++;
  }
  return module.state() === "failed" && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
