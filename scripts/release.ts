// `npm run release -- VERSION`: sets the version, dates the changelog's section, notes the migration files, builds the
// package and writes its checksums into release/. Commit, tag and publication are left to a person.

import { join } from "node:path";
import { makeRelease } from "./release/make-release.ts";
import { ReleaseRefusal } from "./release/plan-release.ts";
import { runProgram } from "./run-program.ts";

const root = join(import.meta.dirname, "..");
const target = join(root, "release");
const PACK_MILLISECONDS = 30 * 60_000;

const [version = ""] = process.argv.slice(2);
try {
  const date = new Date().toISOString().slice(0, 10);
  const names = await makeRelease({ root, version, date, target, pack });
  console.log(`Release ${version} is in release/: ${names.join(", ")}. Read \`git diff\`, then:

  git commit -am "release: ${version}"
  git tag -a v${version} -m "enks ${version}"`);
} catch (error) {
  if (!(error instanceof ReleaseRefusal)) throw error;
  console.error(`No release: ${error.message}.`);
  process.exitCode = 1;
}

/** Builds `dist/` by itself: npm's script for it would set up again what the changed lock file asks for, below our feet. */
async function pack(folder: string, into: string): Promise<void> {
  await run(process.execPath, join(folder, "scripts", "build-package.ts"));
  await run("npm", "pack", folder, "--ignore-scripts", "--pack-destination", into);
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { exitCode } = await runProgram({ command, args, timeoutMilliseconds: PACK_MILLISECONDS, isQuiet: false });
  if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}; the files of the clone are as they were`);
}
