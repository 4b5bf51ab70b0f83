// How fast another server's keys become rows: one large archive and many small ones, beside a bare COPY of the same rows.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { runPsql, withPostgres } from "./bench-postgres.ts";
import { type BenchServer, NOW, openBenchServer } from "./bench-server.ts";
import { type BenchSource, startBenchSource } from "./bench-source.ts";
import { medianOf, peakMegabytes, perSecond, timeOf } from "./measure.ts";

const RUNS = 3;
const CASES = [
  { name: "336 archives of 1,500 keys", archives: 336, keysEach: 1_500 },
  { name: "one archive of 500,000 keys", archives: 1, keysEach: 500_000 },
];

/** Keys per second from HTTP to committed rows, and of COPY into an empty table with the same indexes; medians. */
export function benchImport(): Promise<void> {
  return withPostgres(async (url) => {
    const rows: Record<string, object> = {};
    const rates: number[] = [];
    for (const { name, archives, keysEach } of CASES) {
      const startMegabytes = Math.round(process.memoryUsage().rss / 1_024 ** 2);
      const source = await startBenchSource(archives, keysEach);
      const runs: { imported: number; copied: number }[] = [];
      for (let run = 0; run < RUNS; run++) runs.push(await measureRun(url, source, archives * keysEach));
      await source.close();
      const rate = perSecond(archives * keysEach, medianOf(runs.map(({ imported }) => imported)));
      rates.push(rate);
      rows[name] = {
        "keys/s": rate,
        "COPY, keys/s": perSecond(archives * keysEach, medianOf(runs.map(({ copied }) => copied))),
        "% of COPY": Math.round(medianOf(runs.map(({ imported, copied }) => copied / imported)) * 100),
        "peak memory, MB": peakMegabytes(),
        "at start, MB": startMegabytes,
      };
    }
    console.table(rows);
    const [small = 0, large = 1] = rates;
    console.log(`The small archives run at ${Math.round((small / large) * 100)} % of the rate of the large one.`);
  });
}

async function measureRun(url: string, source: BenchSource, keyCount: number) {
  const server = await openBenchServer(url);
  try {
    await addSource(server, source);
    await server.runJob("import-discover", NOW);
    await checkpoint(server);
    const imported = await timeOf(() => server.runJob("import-archives", NOW));
    const { rows } = await sql<{ count: number }>`select count(*) as count from exposure`.execute(server.database.db);
    if (rows[0]?.count !== keyCount) throw new Error(`${rows[0]?.count} keys arrived of ${keyCount}`);
    return { imported, copied: await timeCopy(url, server) };
  } finally {
    await server.close();
  }
}

async function addSource(server: BenchServer, { url, signer }: BenchSource): Promise<void> {
  const source = { name: "state", indexUrl: `${url}/index.txt`, baseUrl: url, region: "XX" };
  await server.imports.addSource({ ...source, allowPrivateAddresses: true });
  await server.imports.addTrustedKey("state", { keyId: "999", keyVersion: "v1", publicKeyPem: signer.pem });
}

/** The rows in the order in which the import wrote them, which is the order that suits the indexes. */
async function timeCopy(url: string, server: BenchServer): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-copy-"));
  const file = join(folder, "rows");
  try {
    runPsql(url, server.schema, `\\copy exposure to '${file}' (format binary)`);
    await sql`create table bare (like exposure including all)`.execute(server.database.db);
    await checkpoint(server);
    return await timeOf(() => runPsql(url, server.schema, `\\copy bare from '${file}' (format binary)`));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** So that no run pays for writing out what the one before it left. */
async function checkpoint(server: BenchServer): Promise<void> {
  await sql`checkpoint`.execute(server.database.db);
}
