// `npm test`: the suite on the embedded database, and on PostgreSQL where one can be had. `npm run test:long`: what that
// has no time for. Further arguments go to vitest, for example a path.

import { join } from "node:path";
import { findPostgres } from "./find-postgres.ts";
import { findMemoryFolder } from "./memory-folder.ts";
import { type PrivatePostgres, startPrivatePostgres } from "./private-postgres.ts";
import { processorSeconds } from "./testing/processor-time.ts";
import { type WatchedEnd, watchTests } from "./testing/watch-tests.ts";

const [args, isLong] = [process.argv.slice(2).filter((arg) => arg !== "--long"), process.argv.includes("--long")];
/** Longer than vitest gives a single test, so that one that is stuck has failed by name before. */
const STILL_MILLISECONDS = (isLong ? 35 : 10) * 60_000;

const memory = findMemoryFolder();
// For PostgreSQL as well, which is started here.
if (memory !== undefined) process.env["TMPDIR"] ??= memory;
const postgres = await providePostgres();
const { exitCode, tally } = await watch();
printEnd();
process.exitCode = exitCode;

async function watch(): Promise<WatchedEnd> {
  try {
    return await watchTests({
      command: process.execPath,
      args: [
        "--disable-warning=ExperimentalWarning",
        join(import.meta.dirname, "testing", "vitest-process.ts"),
        ...args,
      ],
      environment: environmentOf(postgres?.url),
      stillMilliseconds: STILL_MILLISECONDS,
      print: (line) => console.log(line),
    });
  } finally {
    await postgres?.stop();
  }
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

function environmentOf(postgresUrl: string | undefined): NodeJS.ProcessEnv {
  const { TEST_POSTGRES_URL: _, ...environment } = process.env;
  return {
    // The tests start this program hundreds of times.
    NODE_COMPILE_CACHE: join(import.meta.dirname, "..", "node_modules", ".cache", "enks", "compiled"),
    ...environment,
    ...(postgresUrl === undefined ? {} : { TEST_POSTGRES_URL: postgresUrl }),
    ...(isLong ? { TEST_SIZE: "long" } : {}),
  };
}

function printEnd(): void {
  const { passed, failed, skipped } = tally.counts();
  const used = processorSeconds();
  const processors = used === null ? "" : `, ${minutes(used)} of processor time`;
  console.log(`Ran on: ${postgres === undefined ? "embedded database only" : "embedded database and PostgreSQL"}`);
  console.log(`Took ${minutes(performance.now() / 1_000)}${processors}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
