// Uploads per second of a running server, beside what bounds them: signatures that one core verifies, and commits.

import { Client } from "pg";
import { withPostgres } from "./bench-postgres.ts";
import { medianOf, perSecond } from "./measure.ts";
import { type Order, type Sent, sendClosely, sendSteadily } from "./send-requests.ts";
import { measureCommits, measureVerifications } from "./upload-limits.ts";
import { KEYS_EACH, makeOrders, percentile, timesOf } from "./upload-requests.ts";
import { startUploadServer, type UploadServer } from "./upload-server.ts";
import { judge, judgeShare } from "./verdict.ts";

const CONNECTIONS = 64;
/** Until the server's code is compiled, as it is in one that has run for more than some seconds. */
const WARMING = 4_000;
/** Each with its limits behind it. */
const ROUNDS = 5;
const UPLOADS = 12_000;
const STEADY_SHARE = 0.7;
const STEADY_SECONDS = 10;
const MOST_STEADY_P99_MILLISECONDS = 100;
const MOST_DELAY_MILLISECONDS = 20;

/**
 * Uploads of 14 keys with certificates of their own, 64 connections, in rounds beside their limit, since a machine is
 * not the same from one moment to the next: medians count. Then at 70 % of the rate that this reached.
 */
export function benchPublish(): Promise<void> {
  return withPostgres(async (url) => {
    await using server = await startUploadServer(url);
    const orders = makeOrders(server, WARMING + ROUNDS * UPLOADS);
    requireStored((await sendClosely(orders.splice(0, WARMING), CONNECTIONS)).sent);
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) rounds.push(await measureRound(server, url, orders.splice(0, UPLOADS)));
    const rate = medianOf(rounds.map((round) => round.uploads["per second"]));
    const steadyOrders = makeOrders(server, Math.round(rate * STEADY_SHARE * STEADY_SECONDS));
    const steady = await sendSteadily(steadyOrders, rate * STEADY_SHARE);
    requireStored(steady);

    console.table({
      ...Object.fromEntries(rounds.map(({ uploads }, round) => [`uploads, round ${round + 1}`, uploads])),
      [`steady, at ${STEADY_SHARE * 100} %`]: { "per second": Math.round(rate * STEADY_SHARE), ...timesOf(steady) },
    });
    console.table(Object.fromEntries(rounds.map(({ limits }, round) => [`limits, round ${round + 1}`, limits])));
    judgeShare("uploads, of the slower limit", medianOf(rounds.map(shareOfLimit)), { atLeast: 0.6 });
    const steadyP99 = percentile(steady, 0.99);
    const atMost = `at most ${MOST_STEADY_P99_MILLISECONDS} ms`;
    judge(steadyP99 <= MOST_STEADY_P99_MILLISECONDS, `p99 at 70 % of that: ${steadyP99} ms (goal: ${atMost})`);
    const delayed = Math.max(...rounds.map((round) => round.delayMilliseconds));
    const delay = `event loop, p99 of its delay: ${delayed.toFixed(1)} ms`;
    judge(delayed < MOST_DELAY_MILLISECONDS, `${delay} (goal: below ${MOST_DELAY_MILLISECONDS} ms)`);
  });
}

type Round = Awaited<ReturnType<typeof measureRound>>;

async function measureRound(server: UploadServer, url: string, orders: readonly Order[]) {
  const before = await readCounters(server, url);
  const { sent, milliseconds } = await sendClosely(orders, CONNECTIONS);
  const after = await readCounters(server, url);
  requireStored(sent);
  const each = (seconds: number) => Math.round((seconds / orders.length) * 1_000_000);
  return {
    uploads: {
      "per second": perSecond(orders.length, milliseconds),
      ...timesOf(sent),
      "commits/s": perSecond(after.commits - before.commits, milliseconds),
      "server's CPU µs each": each(after.serverSeconds - before.serverSeconds),
      "client's": each(after.clientSeconds - before.clientSeconds),
    },
    delayMilliseconds: after.delayMilliseconds,
    limits: {
      "ES256 verifications/s, one core": measureVerifications(),
      [`commits/s of the rows of an upload, by ${CONNECTIONS} clients`]: await measureCommits(
        url,
        server.schema,
        KEYS_EACH,
        CONNECTIONS,
      ),
    },
  };
}

function shareOfLimit({ uploads, limits }: Round): number {
  return uploads["per second"] / Math.min(...Object.values(limits));
}

function requireStored(sent: readonly Sent[]): void {
  const refused = sent.filter(({ status }) => status !== 200).length;
  if (refused > 0) throw new Error(`${refused} of ${sent.length} uploads were not stored`);
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
