// A server program that imports one source into the embedded database of a folder; before each of its commits it prints
// how many keys the transaction sees and waits for a line, so that its parent can kill it right there.

import { once } from "node:events";
import { createInterface } from "node:readline";
import { sql } from "kysely";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { HOUR } from "../../src/core/clock.ts";
import { createImportFeature, importMigrations } from "../../src/features/import/feature.ts";
import { upstreamMigrations } from "../../src/features/upstreams/feature.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { createFetcher } from "../../src/platform/http/undici-fetcher.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { exposureMigrations } from "./exposure-migrations.ts";

const [folder = "", baseUrl = "", now = "", publicKeyPem = ""] = process.argv.slice(2);
const clock = { now: () => Number(now) };
const input = createInterface({ input: process.stdin });
const say = (line: string) => void process.stdout.write(`${line}\n`);

const embedded = await openEmbeddedDatabase({ folder });
await migrate(embedded, [exposureMigrations, upstreamMigrations, importMigrations], clock);
const database: Database = {
  ...embedded,
  transaction: (work) =>
    embedded.transaction(async (tx) => {
      const result = await work(tx);
      const { rows } = await sql<{ count: number }>`select count(*) as count from exposure`.execute(tx);
      const answer = once(input, "line");
      say(`before commit ${rows[0]?.count}`);
      await answer;
      return result;
    }),
};
const fetcher = createFetcher();
const feature = createImportFeature({
  database,
  fetcher,
  archiveTools: nodeArchiveTools,
  clock,
  report: reportNothing,
  exposures: { truncateWindowSeconds: HOUR },
});
if ((await feature.listSources()).length === 0) {
  const source = { name: "state", indexUrl: `${baseUrl}/index.txt`, baseUrl, region: "XX" };
  await feature.addSource({ ...source, allowPrivateAddresses: true });
  await feature.addTrustedKey("state", { keyId: "999", keyVersion: "v1", publicKeyPem });
}
for (const job of feature.jobs) await job.run(clock.now());
const { archives, keys } = await feature.sourceStatus("state");
say(`ended ${JSON.stringify({ archives, keys })}`);
await fetcher.close();
await embedded.close();
input.close();
process.stdin.destroy();
