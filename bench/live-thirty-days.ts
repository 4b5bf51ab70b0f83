// Thirty virtual days of keys that arrive, are exported and expire: how large the tables become.

import { sql } from "kysely";
import { DAY, HOUR, MINUTE } from "../src/core/clock.ts";
import { KeyBatch } from "../src/core/key-batch.ts";
import { keysOfPeople } from "../test/support/sample-archives.ts";
import { addExport } from "./add-export.ts";
import { type BenchServer, NOW, openBenchServer } from "./bench-server.ts";
import { showProgress } from "./show-progress.ts";
import { judgeShare } from "./verdict.ts";

const DAYS = 30;
const STEP = 4 * HOUR;
const KEYS_PER_STEP = 16_000;
/** By then as many keys expire as arrive. */
const STEADY_DAY = 20;
/** By default autovacuum begins when a fifth of a table is dead, and a sixteenth of it expires in a day. */
const VACUUM_EVERY_DAYS = 3;
const JOBS = ["export", "publish-index", "delete-archives", "clean-up-exposures"];
const BAR_MEGABYTES = 10;

/** Bytes, but for `keys`. */
interface Size {
  readonly keys: number;
  /** Of the exposure keys. */
  readonly table: number;
  readonly indexes: number;
  /** Of everything else: mostly what the location remembers of its archives, for about 32 days. */
  readonly others: number;
}

export async function liveThirtyDays(url: string): Promise<void> {
  const server = await openBenchServer(url);
  try {
    await addExport(server, "main", NOW, STEP);
    const sizes: Size[] = [];
    for (let day = 1; day <= DAYS; day++) {
      for (let step = 1; step <= DAY / STEP; step++) await liveStep(server, NOW + (day - 1) * DAY + step * STEP);
      if (day % VACUUM_EVERY_DAYS === 0) await sql`vacuum`.execute(server.database.db);
      sizes.push(await measureSize(server));
      showProgress(`living ${DAYS} days of ${(KEYS_PER_STEP * DAY) / STEP} keys`, day / DAYS);
    }
    console.log("\nMegabytes of the exposure keys (#), their indexes (=), and all other tables (+):");
    for (const [at, size] of sizes.entries()) console.log(chartLine(at + 1, size));
    await sql`vacuum full`.execute(server.database.db);
    const compact = await measureSize(server);
    const [steady, last] = [sizes[STEADY_DAY - 1], sizes[DAYS - 1]];
    if (!steady || !last) throw new Error("no day was lived");
    const growth = (last.table + last.indexes) / (steady.table + steady.indexes);
    judgeShare(`exposure keys on day ${DAYS}, of their size on day ${STEADY_DAY}`, growth, { atMost: 1.1 });
    judgeShare("everything on the last day, of the same rows written anew", total(last) / total(compact), {
      atMost: 1.5,
    });
  } finally {
    await server.close();
  }
}

/** Keys arrive shortly before `end`; then everything that is due at `end` is done. */
async function liveStep(server: BenchServer, end: number): Promise<void> {
  // The keys of the samples all belong to the same days.
  const daysLater = Math.floor((end - NOW) / DAY) * 144;
  const keys = Array.from(keysOfPeople(Math.ceil(KEYS_PER_STEP / 14)).slice(0, KEYS_PER_STEP), (key) => ({
    ...key,
    rollingStart: key.rollingStart + daysLater,
  }));
  const request = {
    origin: { kind: "import", supplierId: 1 },
    regions: ["XX"],
    traveler: false,
    now: end - HOUR,
    primaries: KeyBatch.from(keys),
    revised: KeyBatch.empty,
  } as const;
  await server.database.transaction((tx) => server.exposures.save(tx, request));
  for (const job of JOBS) await server.runJob(job, end + 30 * MINUTE);
}

async function measureSize({ database: { db } }: BenchServer): Promise<Size> {
  const { rows } = await sql<Size>`
    select (select count(*) from exposure) as keys, pg_table_size('exposure') as "table",
      pg_indexes_size('exposure') as indexes,
      (sum(pg_total_relation_size(oid)) - pg_total_relation_size('exposure'))::bigint as others
    from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r'`.execute(db);
  const [size] = rows;
  if (!size) throw new Error("there are no tables");
  return size;
}

function total({ table, indexes, others }: Size): number {
  return table + indexes + others;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

function chartLine(day: number, size: Size): string {
  const part = (sign: string, bytes: number) => sign.repeat(megabytes(bytes) / BAR_MEGABYTES);
  const bar = part("#", size.table) + part("=", size.indexes) + part("+", size.others);
  const figures = [`${size.keys} keys`.padStart(13), `${megabytes(total(size))} MB`.padStart(8)];
  return `day ${String(day).padStart(2)} ${figures.join("")} ${bar}`;
}
