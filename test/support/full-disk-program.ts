// A server program, its database in memory, that has keys to export and does so at each line that it reads; it prints the
// reports that carry a code, and "done" after each run.

import { createInterface } from "node:readline";
import { HOUR, MINUTE } from "../../src/core/clock.ts";
import { createClientLocation, createExport, saveKeys } from "./export-setup.ts";
import { makeKeys, START } from "./location-world.ts";
import { openDataFolder } from "./open-data-folder.ts";

const [folder = "", keyCount = "0"] = process.argv.slice(2);
const say = (line: string) => void process.stdout.write(`${line}\n`);

const server = await openDataFolder(folder, {
  now: START,
  inMemory: true,
  report: ({ event, code, why }) => {
    if (code !== undefined) say(`${event} ${code}: ${why}`);
  },
});
await createClientLocation(server);
await createExport(server, START, Number(keyCount));
await saveKeys(server, START + MINUTE, makeKeys(0, Number(keyCount)));
say("ready");
let now = START + 6 * HOUR;
for await (const _ of createInterface({ input: process.stdin })) {
  for (const job of server.jobs) if (["export", "publish-index"].includes(job.name)) await job.run(now);
  now += 5 * MINUTE;
  say("done");
}
await server.close();
