// `npm run check`: format, lint, types, unit and architecture tests; what can run side by side does.

import { fileURLToPath } from "node:url";
import { type ProgramResult, runProgram } from "./run-program.ts";

interface Check {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

interface Outcome extends ProgramResult {
  readonly name: string;
  readonly seconds: number;
}

const CHECK_MILLISECONDS = 120_000;

/** Two lanes for two cores; the tests take as long as the rest together. */
const lanes: readonly (readonly Check[])[] = [
  [{ name: "tests", program: "vitest", args: ["run", "--project", "unit", "--maxWorkers=2", "--reporter=dot"] }],
  [
    { name: "format", program: "biome", args: ["check", "."] },
    { name: "lint", program: "oxlint", args: ["--type-aware"] },
    { name: "types", program: "tsc", args: ["-p", "."] },
  ],
];

const outcomes = (await Promise.all(lanes.map(runLane))).flat();
for (const { name, exitCode, output } of outcomes) {
  if (exitCode !== 0) console.log(`${output.trimEnd()}\n^^^ ${name}\n`);
}
for (const { name, exitCode, seconds } of outcomes) {
  console.log(`${name.padEnd(8)} ${exitCode === 0 ? "ok    " : "FAILED"} ${seconds.toFixed(1).padStart(6)} s`);
}
process.exitCode = outcomes.every(({ exitCode }) => exitCode === 0) ? 0 : 1;

async function runLane(checks: readonly Check[]): Promise<Outcome[]> {
  const done: Outcome[] = [];
  for (const { name, program, args } of checks) {
    const started = performance.now();
    const command = fileURLToPath(new URL(`../node_modules/.bin/${program}`, import.meta.url));
    const result = await runProgram({ command, args, timeoutMilliseconds: CHECK_MILLISECONDS, isQuiet: true });
    done.push({ name, ...result, seconds: (performance.now() - started) / 1_000 });
  }
  return done;
}
