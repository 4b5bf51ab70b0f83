// Uploads while an import of a million keys saves them, and an export closes a window every second.

import { closeWindows } from "../src/features/exposures/close-windows.ts";
import { systemPace } from "../src/platform/time/system-clock.ts";
import { withPostgres } from "./bench-postgres.ts";
import { NOW, openBenchServer } from "./bench-server.ts";
import { startBenchSource } from "./bench-source.ts";
import { importAs, requireKeys } from "./import-source.ts";
import { perSecond } from "./measure.ts";
import { sendSteadily } from "./send-requests.ts";
import { KEYS_EACH, makeOrders, percentile, timesOf } from "./upload-requests.ts";
import { startUploadServer } from "./upload-server.ts";
import { judge } from "./verdict.ts";

const ARCHIVES = 2;
const KEYS_IN_EACH = 500_000;
/** What a nation of eighty million sends in its worst hours. */
const UPLOADS_PER_SECOND = 50;
/** Longer than the import takes; what is sent behind its end does not count. */
const SECONDS = 30;
const MOST_P99_MILLISECONDS = 250;

/** One process imports, another takes uploads, this one closes windows; PostgreSQL shares their cores. */
export function benchBesideImport(): Promise<void> {
  return withPostgres(async (url) => {
    const source = await startBenchSource(ARCHIVES, KEYS_IN_EACH);
    const server = await openBenchServer(url);
    await using uploads = await startUploadServer(url, server.schema);
    const orders = makeOrders(uploads, UPLOADS_PER_SECOND * SECONDS);
    const warm = makeOrders(uploads, 500);
    await sendSteadily(warm, UPLOADS_PER_SECOND * 2);

    const over = { isSo: false };
    let end = NOW;
    let longestClosing = 0;
    const closing = (async () => {
      while (!over.isSo) {
        const begun = performance.now();
        await closeWindows(server.database, (end += 1), systemPace);
        longestClosing = Math.max(longestClosing, performance.now() - begun);
        await systemPace.wait(1_000);
      }
    })();
    const begunAt = performance.now();
    const sending = sendSteadily(orders, UPLOADS_PER_SECOND);
    const importing = await importAs(server, "beside", source);
    const endedAt = performance.now();
    const sent = await sending;
    over.isSo = true;
    await closing;
    await requireKeys(server, ARCHIVES * KEYS_IN_EACH + (sent.length + warm.length) * KEYS_EACH);

    const beside = sent.slice(0, Math.floor(((endedAt - begunAt) / 1_000) * UPLOADS_PER_SECOND));
    console.table({
      import: { "keys/s": perSecond(ARCHIVES * KEYS_IN_EACH, importing) },
      "uploads beside it": { count: beside.length, ...timesOf(beside) },
      "closing a window": { "longest ms": Math.round(longestClosing) },
    });
    const refused = sent.filter(({ status }) => status !== 200).length;
    judge(refused === 0, `uploads that were not stored: ${refused} (goal: none)`);
    const p99 = percentile(beside, 0.99);
    judge(
      p99 < MOST_P99_MILLISECONDS,
      `p99 of uploads beside the import: ${p99} ms (goal: below ${MOST_P99_MILLISECONDS} ms)`,
    );
    await uploads[Symbol.asyncDispose]();
    await server.close();
    await source.close();
  });
}
