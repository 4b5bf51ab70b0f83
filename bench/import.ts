// How fast another server's keys become rows: one large archive and many small ones, beside a bare COPY of the same rows.

import { withPostgres } from "./bench-postgres.ts";
import { openBenchServer } from "./bench-server.ts";
import { startBenchSource } from "./bench-source.ts";
import { timeCopy } from "./copy-rows.ts";
import { importAs, requireKeys } from "./import-source.ts";
import { medianOf, perSecond } from "./measure.ts";
import { judgeMegabytes, judgeShare } from "./verdict.ts";

const RUNS = 5;
const MOST_MEGABYTES = 400;
/** The peak of one archive differs by an eighth from run to run, as the garbage collector comes. */
const GROWING = 1.25;
const STANDING = 1.1;

/**
 * Keys per second from HTTP to committed rows, and of COPY into an empty table with the same indexes, which follows each
 * run; medians. Runs of both kinds take turns, so that whatever else the machine does meets both. Memory is that of the
 * server's process, at its peak.
 */
export function benchImport(): Promise<void> {
  return withPostgres(async (url) => {
    const small = await openCase(url, 336, 1_500);
    const large = await openCase(url, 1, 500_000);
    for (let run = 0; run < RUNS; run++) {
      await small.run();
      await large.run();
    }
    await small.close();
    await large.close();
    const [one, many] = [large.result(), small.result()];
    const ten = await measureOnce(url, 10, 500_000);
    const twenty = await measureOnce(url, 20, 500_000);
    console.table({
      "336 archives of 1,500": many,
      "one archive of 500,000": one,
      "ten of 500,000": ten,
      "twenty of 500,000": twenty,
    });
    judgeShare("one large archive, of the rate of COPY", one["of COPY"], { atLeast: 0.45 });
    const shares = small.rates.map((rate, run) => rate / (large.rates[run] ?? rate));
    judgeShare("small archives, of the rate of the large one", medianOf(shares), { atLeast: 0.7 });
    judgeMegabytes("memory of the server, one large archive", one["peak MB"], MOST_MEGABYTES);
    judgeMegabytes("memory of the server, twenty large archives", twenty["peak MB"], MOST_MEGABYTES);
    judgeShare("memory, ten large archives beside one", ten["peak MB"] / one["peak MB"], { atMost: GROWING });
    judgeShare("memory, twenty large archives beside ten", twenty["peak MB"] / ten["peak MB"], { atMost: STANDING });
  });
}

async function measureOnce(url: string, archives: number, keysEach: number) {
  const opened = await openCase(url, archives, keysEach);
  await opened.run();
  await opened.close();
  return opened.result();
}

/** A server with a source; each run imports all of it as if nobody had seen it before, into an empty table. */
async function openCase(url: string, archives: number, keysEach: number) {
  const keyCount = archives * keysEach;
  const source = await startBenchSource(archives, keysEach);
  const server = await openBenchServer(url);
  const [rates, copyRates]: [number[], number[]] = [[], []];
  let peakMegabytes = 0;
  return {
    rates,
    async run(): Promise<void> {
      rates.push(perSecond(keyCount, await importAs(server, `run-${rates.length}`, source)));
      await requireKeys(server, keyCount);
      // Of the first run: later ones cannot have less.
      if (rates.length === 1) peakMegabytes = server.peakMegabytes();
      copyRates.push(perSecond(keyCount, await timeCopy(url, server)));
      await server.forgetKeys();
    },
    result: () => ({
      "keys/s": medianOf(rates),
      "COPY keys/s": medianOf(copyRates),
      "of COPY": medianOf(rates.map((rate, run) => rate / (copyRates[run] ?? rate))),
      "peak MB": peakMegabytes,
    }),
    async close(): Promise<void> {
      await server.close();
      await source.close();
    },
  };
}
