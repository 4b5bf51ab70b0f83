// What `npm test` prints while tests run, and at its end, however that comes.

import { describe, expect, test } from "vitest";
import type { TestEvent } from "./test-events.ts";
import { watchTests } from "./watch-tests.ts";

const ALL_GOOD: readonly TestEvent[] = [
  { kind: "planned", files: 1 },
  { kind: "file-begins", file: "a.test.ts" },
  { kind: "test-begins", file: "a.test.ts", test: "adds" },
  { kind: "test-ends", file: "a.test.ts", test: "adds", state: "passed" },
  { kind: "file-ends", file: "a.test.ts", counts: { passed: 1, failed: 0, skipped: 0 }, milliseconds: 1_200 },
];
const FAILURE: TestEvent = { kind: "failure", file: "a.test.ts", test: "adds", reason: "Error: 2\nat a.test.ts:1:1" };
const IN_A_TEST = ALL_GOOD.slice(0, 3);
const AFTER_ONE = [...ALL_GOOD.slice(0, 4), { ...ALL_GOOD[2], test: "takes away" }];

/** Watches a program that tells these events and then does what `end` says. */
async function watch(events: readonly unknown[], end: string, stillMilliseconds = 60_000) {
  const lines: string[] = [];
  const program = `for (const event of ${JSON.stringify(events)}) process.send(event); ${end}`;
  const { exitCode, tally } = await watchTests({
    command: process.execPath,
    args: ["-e", program],
    environment: process.env,
    stillMilliseconds,
    print: (line) => lines.push(line),
  });
  return { exitCode, lines, counts: tally.counts() };
}

const LEAVE = "process.disconnect();";
const HANG = "setInterval(() => undefined, 1_000);";

describe("a run of tests", () => {
  test("that passes prints a line for each file and ends with 0", async () => {
    const { exitCode, lines, counts } = await watch(ALL_GOOD, LEAVE);
    expect([exitCode, lines]).toEqual([0, ["   1/1    1.2 s  a.test.ts: 1 passed"]]);
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test("prints a failure at once, with file, test and reason, and again in short at the end", async () => {
    const failed = [
      ...ALL_GOOD.slice(0, 3),
      FAILURE,
      { ...ALL_GOOD[3], state: "failed" },
      { ...ALL_GOOD[4], counts: { passed: 0, failed: 1, skipped: 2 } },
    ];
    const { exitCode, lines, counts } = await watch(failed, LEAVE);
    expect(exitCode).toBe(1);
    expect(lines).toEqual([
      "FAILED a.test.ts > adds",
      "  Error: 2",
      "  at a.test.ts:1:1",
      "",
      "   1/1    1.2 s  a.test.ts: 0 passed, 1 FAILED, 2 skipped",
      "Failed:",
      "  a.test.ts > adds",
    ]);
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: 2 });
  });

  test("that stands still is ended, says what was running, and keeps its totals", async () => {
    const { exitCode, lines, counts } = await watch(AFTER_ONE, HANG, 1_500);
    expect(exitCode).toBe(124);
    expect(lines).toEqual(["No test has ended for 0.025 minutes.", "  was running: a.test.ts > takes away"]);
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test.each([
    ["dies", "process.kill(process.pid, 'SIGKILL');", 1, "SIGKILL"],
    ["ends before its last file", LEAVE, 1, "0"],
    ["ends with an error", "process.exitCode = 7; process.disconnect();", 7, "7"],
  ])("that %s says so and fails", async (_how, end, code, said) => {
    const { exitCode, lines } = await watch(
      IN_A_TEST,
      `process.on("exit", () => undefined); setTimeout(() => { ${end} }, 50);`,
    );
    expect(exitCode).toBe(code);
    expect(lines).toEqual([`The tests ended early (${said}).`, "  was running: a.test.ts > adds"]);
  });

  test("with an error outside of every test counts it", async () => {
    const outside: TestEvent = { kind: "failure", file: "", test: "outside of a test", reason: "Error: late" };
    const { exitCode, lines, counts } = await watch([...ALL_GOOD, outside], LEAVE);
    expect(exitCode).toBe(1);
    expect(lines).toContain("FAILED outside of a test");
    expect(counts).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test("with a test that is told behind the end of its file counts it once, and does not wait for it", async () => {
    const late = [...ALL_GOOD.slice(0, 3), ...ALL_GOOD.slice(4), ...ALL_GOOD.slice(3, 4)];
    const { exitCode, lines, counts } = await watch(late, LEAVE);
    expect([exitCode, lines]).toEqual([0, ["   1/1    1.2 s  a.test.ts: 1 passed"]]);
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: 0 });
  });

  test("that cannot be started says so", async () => {
    const lines: string[] = [];
    const { exitCode } = await watchTests({
      command: "/nowhere/node",
      args: [],
      environment: {},
      stillMilliseconds: 60_000,
      print: (line) => lines.push(line),
    });
    expect(exitCode).toBe(1);
    expect(lines).toEqual([expect.stringContaining("ENOENT")]);
  });
});
