// Keeps count of a run from what is told of it; says what to print.

import type { TestCounts, TestEvent } from "./test-events.ts";

export interface Tally {
  /** Takes the event in; answers the lines to print for it at once. */
  take(event: TestEvent): string[];
  readonly isComplete: boolean;
  counts(): TestCounts;
  /** What runs at this moment, each with its test where it is in one. */
  running(): string[];
  /** Lines on every failure so far, short. */
  failures(): string[];
}

const NONE: TestCounts = { passed: 0, failed: 0, skipped: 0 };

export function createTally(): Tally {
  const counted = new Map<string, TestCounts>();
  const running = new Map<string, string[]>();
  const failures: string[] = [];
  const ended = new Set<string>();
  let planned = Number.POSITIVE_INFINITY;

  function take(event: TestEvent): string[] {
    if (event.kind === "planned") {
      planned = event.files;
      return [];
    }
    const { kind, file } = event;
    // Told behind the end of its file, which has counted it.
    if (kind === "test-ends" && ended.has(file)) return [];
    const [counts, tests] = [counted.get(file) ?? NONE, running.get(file) ?? []];
    switch (kind) {
      case "file-begins":
        running.set(file, []);
        return [];
      case "test-begins":
        running.set(file, [...tests, event.test]);
        return [];
      case "test-ends":
        running.set(
          file,
          tests.filter((test) => test !== event.test),
        );
        counted.set(file, { ...counts, [event.state]: counts[event.state] + 1 });
        return [];
      case "failure":
        failures.push(titleOf(event));
        // Outside of a file, nothing else counts it.
        if (file === "") counted.set(file, { ...counts, failed: counts.failed + 1 });
        return [`FAILED ${titleOf(event)}`, ...indented(event.reason), ""];
      case "file-ends":
        running.delete(file);
        counted.set(file, event.counts);
        ended.add(file);
        return [lineOf(event, ended.size, planned)];
      default:
        return event satisfies never;
    }
  }

  return {
    take,
    get isComplete() {
      return ended.size >= planned;
    },
    counts: () => [...counted.values()].reduce(add, NONE),
    running: () => [...running].map(([file, [test]]) => (test === undefined ? file : `${file} > ${test}`)),
    failures: () => [...new Set(failures)],
  };
}

function titleOf({ file, test }: { readonly file: string; readonly test: string }): string {
  return file === "" ? test : `${file} > ${test}`;
}

function indented(text: string): string[] {
  return text.split("\n").map((line) => `  ${line}`);
}

function lineOf({ file, counts, milliseconds }: Extract<TestEvent, { kind: "file-ends" }>, at: number, of: number) {
  const { passed, failed, skipped } = counts;
  const parts = [`${passed} passed`, failed > 0 ? `${failed} FAILED` : "", skipped > 0 ? `${skipped} skipped` : ""];
  const seconds = (milliseconds / 1_000).toFixed(1).padStart(6);
  return `${String(at).padStart(4)}/${of} ${seconds} s  ${file}: ${parts.filter((part) => part !== "").join(", ")}`;
}

function add(one: TestCounts, other: TestCounts): TestCounts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}
