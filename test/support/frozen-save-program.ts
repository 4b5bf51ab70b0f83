// A server program that stores one upload on PostgreSQL, counts it, and stops right before the commit, so that its parent
// can freeze it there; it says which backend it has. What fails it does again, as a phone's repetition would.

import { once } from "node:events";
import { createInterface } from "node:readline";
import { sql } from "kysely";
import { HOUR } from "../../src/core/clock.ts";
import { codeOf } from "../../src/core/coded-error.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { saveKeys } from "../../src/features/exposures/save-keys.ts";
import { UPLOAD_LIMITS } from "../../src/features/publish/store/store-limits.ts";
import { createStatsFeature } from "../../src/features/stats/feature.ts";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";

const [url = "", schema = "", now = "", records = "", authorityId = ""] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const say = (line: string) => void process.stdout.write(`${line}\n`);

const database = await openPostgresDatabase({ url, schema });
const primaries = new KeyBatch(Uint8Array.fromHex(records));
const stats = createStatsFeature({
  database,
  report: reportNothing,
  settings: { uploadMinimum: 10, embargoSeconds: 0, keptSeconds: HOUR },
});
const facts = {
  authorityId: Number(authorityId),
  receivedAt: Number(now),
  platform: "android",
  keyCount: primaries.length,
  hasRevision: false,
  oldestKeyDays: 1,
  onsetDays: null,
} as const;

for (let isStored = false; !isStored; ) {
  try {
    await database.transaction(async (tx) => {
      const about = { origin: { kind: "upload" }, regions: ["US-WA"], traveler: false, now: Number(now) } as const;
      await saveKeys(tx, { ...about, primaries, revised: KeyBatch.empty }, { truncateWindowSeconds: HOUR });
      for (const statement of stats.counting([facts])) await statement.execute(tx);
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      const line = once(input, "line");
      say(`holds ${rows[0]?.pid}`);
      await line;
    }, UPLOAD_LIMITS);
    isStored = true;
  } catch (error) {
    say(`failed ${codeOf(error)}`);
  }
}
say("stored");
await database.close();
input.close();
process.stdin.destroy();
