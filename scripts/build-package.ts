// Makes dist/: the program as JavaScript with types, since Node runs no TypeScript below node_modules.

import { cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { packageProgram } from "./package-program.ts";
import { runProgram } from "./run-program.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const { exitCode } = await runProgram({
  command: process.execPath,
  args: [packageProgram("typescript", "tsc"), "-p", join(root, "tsconfig.package.json")],
  timeoutMilliseconds: 15 * 60_000,
  isQuiet: false,
});
// What the program reads at run time stands beside its code.
for (const file of globSync("**/*.sql", { cwd: join(root, "src") })) {
  cpSync(join(root, "src", file), join(dist, file));
}
process.exitCode = exitCode;
