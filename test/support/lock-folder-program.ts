// A process that locks the folder it is given, says how that went, and holds the lock until its input ends.

import { codeOf } from "../../src/core/coded-error.ts";
import { lockFolder } from "../../src/platform/database/embedded/folder-lock.ts";

try {
  const lock = lockFolder(process.argv[2] ?? "");
  process.stdout.write("locked\n");
  process.stdin.resume().on("end", () => lock.release());
} catch (error) {
  process.stdout.write(`${codeOf(error) ?? String(error)}\n`);
}
