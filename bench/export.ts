// How fast stored keys become a signed, listed archive on the disk, beside only reading them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { HOUR, MINUTE } from "../src/core/clock.ts";
import { KeyBatch } from "../src/core/key-batch.ts";
import { keysOfPeople } from "../test/support/sample-archives.ts";
import { addExport } from "./add-export.ts";
import { withPostgres } from "./bench-postgres.ts";
import { type BenchServer, NOW, openBenchServer } from "./bench-server.ts";
import { medianOf, perSecond } from "./measure.ts";
import { timeReading } from "./read-keys.ts";
import { judgeMegabytes, judgeShare } from "./verdict.ts";

const KEYS = 500_000;
const RUNS = 5;
const MOST_MEGABYTES = 400;
/** The peak of one archive differs by an eighth from run to run, as the garbage collector comes. */
const GROWING = 1.25;
const STANDING = 1.1;

/** Medians of exports of the same window to new locations; then many windows to one location, for the memory. */
export function benchExport(): Promise<void> {
  return withPostgres(async (url) => {
    const one = await measureOne(url);
    const ten = await measureMany(url, 10);
    const twenty = await measureMany(url, 20);
    console.table(one.table);
    const { "as packed records": packed = 1, ...asColumns } = one.readings;
    const fastest = Math.min(...Object.values(asColumns));
    judgeShare("export, of the time of only reading its columns", one.milliseconds / fastest, { atMost: 2 });
    const ofPacked = Math.round((one.milliseconds / packed) * 100);
    console.log(`         (${ofPacked} % of reading them as the export does, packed into one value without columns)`);
    judgeMegabytes("memory of the server, one archive", one.peakMegabytes, MOST_MEGABYTES);
    judgeMegabytes("memory of the server, ten archives", ten.peakMegabytes, MOST_MEGABYTES);
    judgeMegabytes("memory of the server, twenty archives", twenty.peakMegabytes, MOST_MEGABYTES);
    judgeShare("memory, ten archives beside one", ten.peakMegabytes / one.peakMegabytes, { atMost: GROWING });
    judgeShare("memory, twenty archives beside ten", twenty.peakMegabytes / ten.peakMegabytes, { atMost: STANDING });
  });
}

async function measureOne(url: string) {
  const server = await openBenchServer(url);
  try {
    await saveKeysOfHour(server, NOW);
    const exported: number[] = [];
    const read: Record<string, number>[] = [];
    let peakMegabytes = 0;
    for (let run = 0; run < RUNS; run++) {
      await addExport(server, `run-${run}`, NOW);
      await server.checkpoint();
      exported.push(await server.runJob("export", NOW + HOUR + 30 * MINUTE));
      await requireArchives(server, `run-${run}`, 1);
      if (run === 0) peakMegabytes = server.peakMegabytes();
      read.push(await timeReading(server.database.db, NOW, NOW + HOUR));
    }
    const milliseconds = medianOf(exported);
    const ways = Object.keys(read[0] ?? {});
    const readings = Object.fromEntries(ways.map((way) => [way, medianOf(read.map((times) => times[way] ?? 0))]));
    const table = Object.fromEntries(
      Object.entries({ export: milliseconds, ...readings }).map(([what, time]) => [
        what,
        { milliseconds: Math.round(time), "keys/s": perSecond(KEYS, time) },
      ]),
    );
    return { milliseconds, readings, table, peakMegabytes };
  } finally {
    await server.close();
  }
}

async function measureMany(url: string, archives: number) {
  const server = await openBenchServer(url);
  try {
    for (let hour = 0; hour < archives; hour++) await saveKeysOfHour(server, NOW + hour * HOUR);
    await addExport(server, "many", NOW);
    await server.runJob("export", NOW + archives * HOUR + 30 * MINUTE);
    await requireArchives(server, "many", archives);
    return { peakMegabytes: server.peakMegabytes() };
  } finally {
    await server.close();
  }
}

async function saveKeysOfHour(server: BenchServer, hour: number): Promise<void> {
  const request = {
    origin: { kind: "import", supplierId: 1 },
    regions: ["XX"],
    traveler: false,
    now: hour,
    primaries: keysOfPeople(Math.ceil(KEYS / 14)).slice(0, KEYS),
    revised: KeyBatch.empty,
  } as const;
  await server.database.transaction((tx) => server.exposures.save(tx, request));
}

async function requireArchives(server: BenchServer, name: string, count: number): Promise<void> {
  const lines = (await readFile(join(server.objects, name, "index.txt"), "utf8")).trim().split("\n");
  const totals = await server.exports.totals(name);
  if (lines.length !== count || totals.primaries !== count * KEYS) {
    throw new Error(`${lines.length} archives are listed with ${totals.primaries} keys`);
  }
}
