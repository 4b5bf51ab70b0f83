// The PostgreSQL that benchmarks run on: the one given, or a private one with the durability that a server has by default.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPostgres } from "../scripts/find-postgres.ts";
import { startPrivatePostgres } from "../scripts/private-postgres.ts";

/** Runs `bench` with the URL of a server, or says that there is none and fails. */
export async function withPostgres(bench: (url: string) => Promise<void>): Promise<void> {
  const given = process.env["TEST_POSTGRES_URL"] || process.env["DATABASE_URL"];
  if (given) return bench(given);
  const programs = findPostgres();
  if (programs === undefined) {
    console.error("No PostgreSQL on this machine, so nothing was measured. Install it, or set TEST_POSTGRES_URL.");
    process.exitCode = 1;
    return;
  }
  const postgres = await startPrivatePostgres(programs, []);
  try {
    await bench(postgres.url);
  } finally {
    await postgres.stop();
  }
}

/** Runs one command of the program psql in a schema. */
export function runPsql(url: string, schema: string, command: string): void {
  const options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", `--dbname=${url}`, "--command", command];
  execFileSync(psqlProgram(), options, {
    env: { ...process.env, PGOPTIONS: `-c search_path=${schema}` },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** The server's own where it is installed, since not every machine has it on the path. */
function psqlProgram(): string {
  const beside = join(findPostgres() ?? "", "psql");
  return existsSync(beside) ? beside : "psql";
}
