// A server program on a data folder that runs jobs once; before and after each object that it writes it says so and
// waits for a line, so that its parent can kill it right there.

import { once } from "node:events";
import { createInterface } from "node:readline";
import { openDataFolder } from "./open-data-folder.ts";

const [folder = "", now = "", ...jobNames] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const say = (line: string) => void process.stdout.write(`${line}\n`);
const sayAndWait = async (line: string) => {
  const answer = once(input, "line");
  say(line);
  await answer;
};

const server = await openDataFolder(folder, {
  now: Number(now),
  report: ({ event, code }) => {
    if (code !== undefined) say(`failed ${event} ${code}`);
  },
  wrapBlobs: (blobs) => ({
    ...blobs,
    async put(name, bytes, options) {
      await sayAndWait(`before ${name}`);
      const version = await blobs.put(name, bytes, options);
      await sayAndWait(`after ${name}`);
      return version;
    },
  }),
});
for (const name of jobNames) await server.jobs.find((job) => job.name === name)?.run(Number(now));
say("ended");
await server.close();
input.close();
process.stdin.destroy();
