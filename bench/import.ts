// How fast another server's keys become rows: one large archive and many small ones, beside a bare COPY of the same rows.

import { withPostgres } from "./bench-postgres.ts";
import { openBenchServer } from "./bench-server.ts";
import { startBenchSource } from "./bench-source.ts";
import { timeCopy } from "./copy-rows.ts";
import { importAs, requireKeys } from "./import-source.ts";
import { medianOf, perSecond } from "./measure.ts";
import { judgeMegabytes, judgeShare } from "./verdict.ts";

const SMALL = { archives: 336, keysEach: 1_500, runs: 5 };
const LARGE = { archives: 1, keysEach: 500_000, runs: 5 };
const TEN = { archives: 10, keysEach: 500_000, runs: 1 };

const MOST_MEGABYTES = 400;
/** More than the garbage collector makes of one run and the next. */
const GROWING = 1.15;

/**
 * Keys per second from HTTP to committed rows, and of COPY into an empty table with the same indexes, which follows each
 * run; medians. Memory is that of the server's process, at its peak.
 */
export function benchImport(): Promise<void> {
  return withPostgres(async (url) => {
    const small = await measure(url, SMALL);
    const large = await measure(url, LARGE);
    const ten = await measure(url, TEN);
    console.table({ "336 archives of 1,500": small, "one archive of 500,000": large, "ten of 500,000": ten });
    judgeShare("one large archive, of the rate of COPY", large["of COPY"], { atLeast: 0.45 });
    judgeShare("small archives, of the rate of the large one", small["keys/s"] / large["keys/s"], { atLeast: 0.7 });
    judgeMegabytes("memory of the server, one large archive", large["peak MB"], MOST_MEGABYTES);
    judgeMegabytes("memory of the server, ten large archives", ten["peak MB"], MOST_MEGABYTES);
    judgeShare("memory, ten large archives beside one", ten["peak MB"] / large["peak MB"], { atMost: GROWING });
  });
}

/** Several runs of one server, each with an empty table. */
async function measure(url: string, { archives, keysEach, runs }: typeof SMALL) {
  const keyCount = archives * keysEach;
  const [imported, copied]: [number[], number[]] = [[], []];
  const source = await startBenchSource(archives, keysEach);
  const server = await openBenchServer(url);
  let peak = 0;
  try {
    for (let run = 0; run < runs; run++) {
      imported.push(await importAs(server, `run-${run}`, source));
      await requireKeys(server, keyCount);
      // Of the first run: later ones cannot have less.
      if (run === 0) peak = server.peakMegabytes();
      copied.push(await timeCopy(url, server));
      await server.forgetKeys();
    }
  } finally {
    await server.close();
    await source.close();
  }
  return {
    "keys/s": perSecond(keyCount, medianOf(imported)),
    "COPY keys/s": perSecond(keyCount, medianOf(copied)),
    "of COPY": medianOf(imported.map((milliseconds, run) => (copied[run] ?? 0) / milliseconds)),
    "peak MB": peak,
  };
}
