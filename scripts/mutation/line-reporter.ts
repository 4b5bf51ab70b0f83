// A reporter of vitest for programs: one line of JSON for each beginning, end and failure.

import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";

export type TestLine =
  | { readonly kind: "begin" | "passed"; readonly file: string }
  | { readonly kind: "end"; readonly file: string; readonly milliseconds: number }
  | { readonly kind: "failed"; readonly file: string; readonly test: string; readonly reason: string };

export const LINE_MARK = "@mutation ";

interface Failure {
  readonly message: string;
}

export class LineReporter implements Reporter {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  onTestModuleStart(module: TestModule): void {
    say({ kind: "begin", file: this.fileOf(module) });
  }

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === "failed") this.sayFailed(test.module, test.fullName, result.errors);
    else say({ kind: "passed", file: this.fileOf(test.module) });
  }

  onTestModuleEnd(module: TestModule): void {
    const tests = [...module.children.allTests()];
    const isHurt = module.state() === "failed" && tests.every((test) => test.result().state !== "failed");
    if (isHurt) this.sayFailed(module, "the file", module.errors());
    say({ kind: "end", file: this.fileOf(module), milliseconds: Math.round(module.diagnostic().duration) });
  }

  onTestRunEnd(_modules: readonly TestModule[], errors: readonly Failure[]): void {
    if (errors.length > 0) say({ kind: "failed", file: "", test: "an unhandled error", reason: firstLine(errors) });
  }

  private sayFailed(module: TestModule, test: string, errors: readonly Failure[] | undefined): void {
    say({ kind: "failed", file: this.fileOf(module), test, reason: firstLine(errors ?? []) });
  }

  private fileOf({ moduleId }: TestModule): string {
    return relative(this.root, moduleId);
  }
}

function firstLine(errors: readonly Failure[]): string {
  return (errors[0]?.message ?? "").split("\n")[0]?.slice(0, 300) ?? "";
}

function say(line: TestLine): void {
  process.stdout.write(`${LINE_MARK}${JSON.stringify(line)}\n`);
}
