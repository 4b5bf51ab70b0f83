// A launcher as the command `enks` has one: runs the command line that it is given in its own place.

import { runChild } from "../../bin/run-child.mjs";

const [program = "", ...args] = process.argv.slice(2);
runChild(program, args);
