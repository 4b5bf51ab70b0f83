// `npm test`: the whole suite on the embedded database, and on PostgreSQL where one can be had.
// Further arguments go to vitest, for example a path or `--project unit`.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPostgres } from "./find-postgres.ts";
import { findMemoryFolder } from "./memory-folder.ts";
import { type PrivatePostgres, startPrivatePostgres } from "./private-postgres.ts";
import { runProgram } from "./run-program.ts";

const SUITE_MILLISECONDS = 15 * 60_000;

const memory = findMemoryFolder();
// For PostgreSQL as well, which is started here.
if (memory !== undefined) process.env["TMPDIR"] ??= memory;
const postgres = await providePostgres();
try {
  process.exitCode = await runVitest(postgres?.url);
} finally {
  await postgres?.stop();
}

/** The server to test on: the one given, a private one, or none, which is said. */
async function providePostgres(): Promise<PrivatePostgres | undefined> {
  const given = process.env["TEST_POSTGRES_URL"];
  if (given !== undefined && given !== "") return { url: given, stop: async () => {} };
  const programs = findPostgres();
  if (programs === undefined) {
    console.log("PostgreSQL half SKIPPED: no PostgreSQL on this machine. Install it with: apt-get install postgresql");
    return undefined;
  }
  try {
    return await startPrivatePostgres(programs);
  } catch (error) {
    console.log(`PostgreSQL half SKIPPED: ${programs} is there, but ${String(error)}`);
    return undefined;
  }
}

async function runVitest(postgresUrl: string | undefined): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "enks-test-"));
  const report = join(folder, "report.json");
  const { TEST_POSTGRES_URL: _, ...environment } = process.env;
  try {
    const { exitCode } = await runProgram({
      command: process.execPath,
      args: [
        fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url)),
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
      ],
      environment: {
        // The tests start this program hundreds of times.
        NODE_COMPILE_CACHE: fileURLToPath(new URL("../node_modules/.cache/enks/compiled", import.meta.url)),
        ...environment,
        ...(postgresUrl === undefined ? {} : { TEST_POSTGRES_URL: postgresUrl }),
      },
      timeoutMilliseconds: SUITE_MILLISECONDS,
      isQuiet: false,
    });
    printTotals(report, postgresUrl !== undefined);
    return exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function printTotals(report: string, isOnPostgres: boolean): void {
  if (!existsSync(report)) return;
  const { numPassedTests, numFailedTests, numPendingTests, testResults }: Report = JSON.parse(
    readFileSync(report, "utf8"),
  );
  // A file that could not be loaded has no test that could be counted as failed.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  const failed = numFailedTests + unloaded.length;
  console.log(`Ran on: ${isOnPostgres ? "embedded database and PostgreSQL" : "embedded database only"}`);
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
}
