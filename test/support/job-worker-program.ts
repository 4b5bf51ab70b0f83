// A process of a server that runs two jobs. "quick" has a period of a second and says when it meets another run of itself.
// "slow" says when it begins and ends; in between it waits for a line.

import { once } from "node:events";
import { createInterface } from "node:readline";
import { sql } from "kysely";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";
import { jobMigrations, startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";

/** The folder of an embedded database, or the URL and schema of one on PostgreSQL. */
const [place = "", schema] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const say = (line: string) => void process.stdout.write(`${line}\n`);

const database =
  schema === undefined
    ? await openEmbeddedDatabase({ folder: place })
    : await openPostgresDatabase({ url: place, schema });
await migrate(database, [jobMigrations], systemClock);
await startBossRunner({
  database,
  jobs: [
    {
      name: "slow",
      duty: "import",
      everySeconds: 3_600,
      async run() {
        const goOn = once(input, "line");
        say("slow begins");
        await goOn;
        say("slow ends");
      },
    },
    {
      name: "quick",
      duty: "import",
      everySeconds: 1,
      async run() {
        await database.transaction(async (tx) => {
          const { rows } = await sql<{ alone: boolean }>`select pg_try_advisory_xact_lock(1) as alone`.execute(tx);
          await sql`select pg_sleep(0.3)`.execute(tx);
          say(rows[0]?.alone === true ? "quick" : "quick is not alone");
        });
      },
    },
  ],
  isHere: () => true,
  clock: systemClock,
  report: ({ event, code }) => say(`reported ${event} ${String(code)}`),
  lease: { heartbeatSeconds: 10, longestRunSeconds: 600 },
  superviseEverySeconds: 1,
});
say("started");
