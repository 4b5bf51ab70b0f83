// `npm run check`: format, lint, types, subjects of commits, unit and architecture tests; what can run side by side does.
// With `--no-tests` without the tests, where others run them.

import { join } from "node:path";
import { packageProgram } from "./package-program.ts";
import { type ProgramResult, runProgram } from "./run-program.ts";

interface Check {
  readonly name: string;
  /** What to run on the project's own Node. */
  readonly program: string;
  readonly args: readonly string[];
  /** What it prints is shown when it passes, too. */
  readonly isTold?: boolean;
}

interface Outcome extends ProgramResult {
  readonly name: string;
  readonly isTold: boolean;
  readonly seconds: number;
}

/** The limit of one check, on a machine that is busy with other things. */
const CHECK_MILLISECONDS = 15 * 60_000;

const tests: Check = {
  name: "tests",
  program: packageProgram("vitest"),
  args: ["run", "--project", "unit", "--maxWorkers=2", "--reporter=dot"],
};

/** Two lanes for two cores; the tests take as long as the rest together. */
const lanes: readonly (readonly Check[])[] = [
  process.argv.includes("--no-tests") ? [] : [tests],
  [
    { name: "format", program: packageProgram("@biomejs/biome", "biome"), args: ["check", "."] },
    { name: "lint", program: packageProgram("oxlint"), args: ["--type-aware"] },
    { name: "types", program: packageProgram("typescript", "tsc"), args: ["-p", "."] },
    { name: "commits", program: join(import.meta.dirname, "check-commits.ts"), args: [], isTold: true },
  ],
];

const outcomes = (await Promise.all(lanes.map(runLane))).flat();
for (const { name, isTold, exitCode, output } of outcomes) {
  if (exitCode !== 0) console.log(`${output.trimEnd()}\n^^^ ${name}\n`);
  else if (isTold && output.trim() !== "") console.log(output.trimEnd());
}
for (const { name, exitCode, seconds } of outcomes) {
  console.log(`${name.padEnd(8)} ${exitCode === 0 ? "ok    " : "FAILED"} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = outcomes.every(({ exitCode }) => exitCode === 0) ? 0 : 1;

async function runLane(checks: readonly Check[]): Promise<Outcome[]> {
  const done: Outcome[] = [];
  for (const { name, program, args, isTold = false } of checks) {
    const started = performance.now();
    const result = await runProgram({
      command: process.execPath,
      args: [program, ...args],
      timeoutMilliseconds: CHECK_MILLISECONDS,
      isQuiet: true,
    });
    done.push({ name, isTold, ...result, seconds: (performance.now() - started) / 1_000 });
  }
  return done;
}
