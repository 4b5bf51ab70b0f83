// Stands for npm: starts the launcher with the command line that it is given, and tells it that npm did.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("launcher-program.ts", import.meta.url));
spawn(process.execPath, [launcher, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...process.env, npm_execpath: import.meta.filename },
});
