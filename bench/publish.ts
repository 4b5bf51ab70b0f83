// Uploads per second of a running server, beside what bounds them: signatures that one core verifies, and commits.

import { generateKeyPairSync, sign, verify } from "node:crypto";
import { Pool } from "pg";
import { withPostgres } from "./bench-postgres.ts";
import { perSecond } from "./measure.ts";
import { type Order, type Sent, sendClosely, sendSteadily } from "./send-requests.ts";
import { makeBodies } from "./upload-requests.ts";
import { startUploadServer } from "./upload-server.ts";
import { judge, judgeShare } from "./verdict.ts";

const CONNECTIONS = 64;
const KEYS_EACH = 14;
const UPLOADS = 8_000;
const STEADY_SHARE = 0.7;
const MOST_STEADY_P99_MILLISECONDS = 100;
const MOST_DELAY_MILLISECONDS = 20;
const MEASURING_MILLISECONDS = 3_000;

/** Uploads of 14 keys with certificates of their own, 64 connections; then at 70 % of the rate that this reached. */
export function benchPublish(): Promise<void> {
  return withPostgres(async (url) => {
    await using server = await startUploadServer(url);
    const now = Math.floor(Date.now() / 1_000);
    const orders = (count: number): Order[] =>
      makeBodies(server.authority, count, KEYS_EACH, now).map((body) => ({
        url: `${server.publicUrl}/v1/publish`,
        headers: { "content-type": "application/json" },
        body,
      }));
    const [warm, measured] = [orders(500), orders(UPLOADS)];
    requireStored(await sendClosely(warm, CONNECTIONS));

    const commitsBefore = await countCommits(url);
    const startedAt = performance.now();
    const sent = await sendClosely(measured, CONNECTIONS);
    const milliseconds = performance.now() - startedAt;
    requireStored(sent);
    const delay = (await server.readMetric("nodejs_eventloop_lag_p99_seconds")) * 1_000;
    const rate = perSecond(UPLOADS, milliseconds);
    const commits = perSecond((await countCommits(url)) - commitsBefore, milliseconds);

    const steady = await sendSteadily(orders(Math.round(rate * STEADY_SHARE * 10)), rate * STEADY_SHARE);
    requireStored(steady);
    const limits = { "ES256/s, one core": measureVerifications(), "bare commits/s": await measureCommits(url) };

    console.table({ uploads: { "per second": rate, ...timesOf(sent), "commits/s": commits }, steady: timesOf(steady) });
    console.table({ limits });
    judgeShare("uploads, of the slower limit", rate / Math.min(...Object.values(limits)), { atLeast: 0.6 });
    const steadyP99 = percentile(steady, 0.99);
    const atMost = `at most ${MOST_STEADY_P99_MILLISECONDS} ms`;
    judge(steadyP99 <= MOST_STEADY_P99_MILLISECONDS, `p99 at 70 % of that: ${steadyP99} ms (goal: ${atMost})`);
    const delayed = `event loop, p99 of its delay: ${delay.toFixed(1)} ms (goal: below ${MOST_DELAY_MILLISECONDS} ms)`;
    judge(delay < MOST_DELAY_MILLISECONDS, delayed);
  });
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

/** One core, one after the other, with nothing around it. */
function measureVerifications(): number {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const text = Buffer.alloc(400, "x");
  const signature = sign("sha256", text, { key: privateKey, dsaEncoding: "ieee-p1363" });
  const startedAt = performance.now();
  let count = 0;
  for (; performance.now() - startedAt < MEASURING_MILLISECONDS; count++) {
    verify("sha256", text, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  }
  return perSecond(count, performance.now() - startedAt);
}

/** As many connections as uploads come over, each inserting the rows of one upload and committing, again and again. */
async function measureCommits(url: string): Promise<number> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  await pool.query(`
    create table bare_upload (key_data bytea primary key, rolling_start bigint, rolling_period smallint,
      transmission_risk smallint, report_type smallint, days_since_onset smallint, regions text[], traveler boolean,
      origin text, source_id bigint, released_at bigint);
    create index on bare_upload (released_at, key_data)`);
  const insert = `
    insert into bare_upload
    select sha256(random()::text::bytea), 2990000, 144, 2, 1, 0, '{XX}', false, 'upload', null, 1795000000
    from generate_series(1, ${KEYS_EACH})`;
  let count = 0;
  const startedAt = performance.now();
  const work = async () => {
    const client = await pool.connect();
    for (; performance.now() - startedAt < MEASURING_MILLISECONDS; count++) await client.query(insert);
    client.release();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  const rate = perSecond(count, performance.now() - startedAt);
  await pool.query("drop table bare_upload");
  await pool.end();
  return rate;
}

async function countCommits(url: string): Promise<number> {
  const pool = new Pool({ connectionString: url, max: 1 });
  const { rows } = await pool.query("select sum(xact_commit)::float8 as count from pg_stat_database");
  await pool.end();
  return Number(rows[0]?.count ?? 0);
}
