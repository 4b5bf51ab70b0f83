// `npm run test:platform`: the adapters of outside services against programs that speak their protocols. What cannot be
// had on this machine is skipped, said and counted. Further arguments go to vitest.

import { join } from "node:path";
import { COUNTERPARTS, type CounterpartName } from "./counterparts/counterparts.ts";
import { installCounterpart } from "./counterparts/install-counterpart.ts";
import { watchTests } from "./testing/watch-tests.ts";

const STILL_MILLISECONDS = 10 * 60_000;

for (const name of Object.keys(COUNTERPARTS) as CounterpartName[]) {
  const reason = await installCounterpart(name);
  if (reason !== null) console.log(`${name} SKIPPED: ${reason}`);
}
const { exitCode, tally } = await watchTests({
  command: process.execPath,
  args: [
    "--disable-warning=ExperimentalWarning",
    join(import.meta.dirname, "testing", "vitest-process.ts"),
    ...process.argv.slice(2),
  ],
  environment: { ...process.env, TEST_SIZE: "platform" },
  stillMilliseconds: STILL_MILLISECONDS,
  print: (line) => console.log(line),
});
const { passed, failed, skipped } = tally.counts();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = exitCode;
