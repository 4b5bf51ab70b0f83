// Starts the command line that it is given where the system allows few open files.

import { runChild } from "../../bin/run-child.mjs";

const [program = "", ...args] = process.argv.slice(2);
runChild("bash", ["-c", 'ulimit -n 1024; exec "$0" "$@"', program, ...args]);
