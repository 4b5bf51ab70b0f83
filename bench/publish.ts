// Uploads per second of a running server, beside what bounds them: signatures that one core verifies, and commits.

import { Client } from "pg";
import { withPostgres } from "./bench-postgres.ts";
import { perSecond } from "./measure.ts";
import { type Order, type Sent, sendClosely, sendSteadily } from "./send-requests.ts";
import { measureCommits, measureVerifications } from "./upload-limits.ts";
import { makeBodies } from "./upload-requests.ts";
import { startUploadServer, type UploadServer } from "./upload-server.ts";
import { judge, judgeShare } from "./verdict.ts";

const CONNECTIONS = 64;
const KEYS_EACH = 14;
/** Until the server's code is compiled, as it is in one that has run for more than some seconds. */
const WARMING = 4_000;
const UPLOADS = 16_000;
const STEADY_SHARE = 0.7;
const STEADY_SECONDS = 10;
const MOST_STEADY_P99_MILLISECONDS = 100;
const MOST_DELAY_MILLISECONDS = 20;

/** Uploads of 14 keys with certificates of their own, 64 connections; then at 70 % of the rate that this reached. */
export function benchPublish(): Promise<void> {
  return withPostgres(async (url) => {
    await using server = await startUploadServer(url);
    const orders = makeOrders(server, WARMING + UPLOADS);
    requireStored((await sendClosely(orders.splice(0, WARMING), CONNECTIONS)).sent);

    const before = await readCounters(server, url);
    const { sent, milliseconds } = await sendClosely(orders, CONNECTIONS);
    const after = await readCounters(server, url);
    requireStored(sent);
    const rate = perSecond(UPLOADS, milliseconds);
    const steadyOrders = makeOrders(server, Math.round(rate * STEADY_SHARE * STEADY_SECONDS));
    const steady = await sendSteadily(steadyOrders, rate * STEADY_SHARE);
    requireStored(steady);
    const rowsOfUpload = `commits/s of the rows of an upload, by ${CONNECTIONS} clients`;
    const limits = {
      "ES256 verifications/s, one core": measureVerifications(),
      [rowsOfUpload]: await measureCommits(url, server.schema, KEYS_EACH, CONNECTIONS),
    };

    const each = (seconds: number) => Math.round((seconds / UPLOADS) * 1_000_000);
    console.table({
      uploads: {
        "per second": rate,
        ...timesOf(sent),
        "commits/s": perSecond(after.commits - before.commits, milliseconds),
        "server's CPU µs each": each(after.serverSeconds - before.serverSeconds),
        "client's": each(after.clientSeconds - before.clientSeconds),
      },
      [`steady, at ${STEADY_SHARE * 100} %`]: { "per second": Math.round(rate * STEADY_SHARE), ...timesOf(steady) },
    });
    console.table({ limits });
    judgeShare("uploads, of the slower limit", rate / Math.min(...Object.values(limits)), { atLeast: 0.6 });
    const steadyP99 = percentile(steady, 0.99);
    const atMost = `at most ${MOST_STEADY_P99_MILLISECONDS} ms`;
    judge(steadyP99 <= MOST_STEADY_P99_MILLISECONDS, `p99 at 70 % of that: ${steadyP99} ms (goal: ${atMost})`);
    const delay = `event loop, p99 of its delay: ${after.delayMilliseconds.toFixed(1)} ms`;
    judge(after.delayMilliseconds < MOST_DELAY_MILLISECONDS, `${delay} (goal: below ${MOST_DELAY_MILLISECONDS} ms)`);
  });
}

function makeOrders(server: UploadServer, count: number): Order[] {
  return makeBodies(server.authority, count, KEYS_EACH, Math.floor(Date.now() / 1_000)).map((body) => ({
    url: `${server.publicUrl}/v1/publish`,
    headers: { "content-type": "application/json" },
    body,
  }));
}

function requireStored(sent: readonly Sent[]): void {
  const refused = sent.filter(({ status }) => status !== 200).length;
  if (refused > 0) throw new Error(`${refused} of ${sent.length} uploads were not stored`);
}

function timesOf(sent: readonly Sent[]) {
  return { "p50 ms": percentile(sent, 0.5), "p99 ms": percentile(sent, 0.99) };
}

function percentile(sent: readonly Sent[], share: number): number {
  const sorted = sent.map(({ milliseconds }) => milliseconds).toSorted((left, right) => left - right);
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
}

/** What has happened so far; the delay since the reading before. CPU is that of all threads. */
async function readCounters(server: UploadServer, url: string) {
  const metrics = await server.readMetrics("process_cpu_seconds_total", "nodejs_eventloop_lag_p99_seconds");
  const client = process.cpuUsage();
  return {
    commits: await countCommits(url),
    serverSeconds: metrics.process_cpu_seconds_total,
    clientSeconds: (client.user + client.system) / 1_000_000,
    delayMilliseconds: metrics.nodejs_eventloop_lag_p99_seconds * 1_000,
  };
}

async function countCommits(connectionString: string): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query("select sum(xact_commit)::float8 as count from pg_stat_database");
  await client.end();
  return Number(rows[0]?.count ?? 0);
}
