// Whether the server stays fast in large tables, and the tables bounded in time.

import { HOUR, MINUTE } from "../src/core/clock.ts";
import { addExport } from "./add-export.ts";
import { withPostgres } from "./bench-postgres.ts";
import { NOW, openBenchServer } from "./bench-server.ts";
import { type BenchSource, startBenchSource } from "./bench-source.ts";
import { timeCopyInto } from "./copy-rows.ts";
import { fillTables } from "./fill-table.ts";
import { importAs } from "./import-source.ts";
import { liveThirtyDays } from "./live-thirty-days.ts";
import { medianOf, perSecond } from "./measure.ts";
import { judgeShare } from "./verdict.ts";

const SIZES = [0, 1_000_000, 10_000_000];
const KEYS = 500_000;
const RUNS = 3;

/** `mostKeys`: leaves out larger tables, for a quick look. */
export function benchGrowth(mostKeys = "10000000"): Promise<void> {
  return withPostgres(async (url) => {
    const sizes = SIZES.filter((size) => size <= Number(mostKeys));
    const sources: BenchSource[] = [];
    for (let run = 0; run < RUNS; run++) sources.push(await startBenchSource(1, KEYS));
    const table: Record<string, Awaited<ReturnType<typeof measure>>> = {};
    for (const size of sizes) table[`${size / 1_000_000} million keys`] = await measure(url, size, sources);
    for (const source of sources) await source.close();
    console.table(table);
    const results = Object.entries(table);
    for (const [size, result] of results) {
      judgeShare(`import beside ${size}, of the rate of COPY there`, result["of COPY"], { atLeast: 0.45 });
    }
    const empty = results[0]?.[1]["export ms"] ?? 0;
    for (const [size, result] of results.slice(1)) {
      judgeShare(`export beside ${size}, of its time beside none`, result["export ms"] / empty, { atMost: 1.25 });
    }
    await liveThirtyDays(url);
  });
}

/** Imports that follow one another, each beside a COPY of its rows into a table of the same size; exports of the first. */
async function measure(url: string, size: number, sources: readonly BenchSource[]) {
  const server = await openBenchServer(url);
  const [imported, copied, exported]: [number[], number[], number[]] = [[], [], []];
  try {
    await fillTables(server, size);
    for (const [run, source] of sources.entries()) {
      const name = `run-${run}`;
      imported.push(await importAs(server, name, source));
      const id = (await server.imports.listSources()).find((one) => one.name === name)?.supplier.id ?? 0;
      copied.push(await timeCopyInto(url, server, "bare", `supplier_id = ${id}`));
      for (let turn = 0; turn < (run === 0 ? RUNS : 0); turn++) {
        await addExport(server, `export-${turn}`, NOW);
        await server.checkpoint();
        exported.push(await server.runJob("export", NOW + HOUR + 30 * MINUTE));
        const { primaries } = await server.exports.totals(`export-${turn}`);
        if (primaries !== KEYS) throw new Error(`${primaries} keys were exported`);
      }
    }
  } finally {
    await server.close();
  }
  return {
    "import keys/s": perSecond(KEYS, medianOf(imported)),
    "COPY keys/s": perSecond(KEYS, medianOf(copied)),
    "of COPY": Math.round(medianOf(imported.map((time, run) => (copied[run] ?? 0) / time)) * 100) / 100,
    "export ms": Math.round(medianOf(exported)),
  };
}
