// The `enks` command: reads the arguments, runs one command, ends with its exit code.

import { followLauncher } from "./launcher.ts";
import { nodeSurroundings } from "./node-surroundings.ts";
import { runProgram } from "./run-program.ts";

followLauncher();
const exitCode = await runProgram(process.argv.slice(2), nodeSurroundings());
// Where all is well a command may have left its own.
if (exitCode !== 0) process.exitCode = exitCode;
