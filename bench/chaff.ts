// Whether chaff can be told from uploads by how long answers take, how large they are, and what headers they have.

import { withPostgres } from "./bench-postgres.ts";
import { type Order, type Sent, sendClosely } from "./send-requests.ts";
import { makeBodies } from "./upload-requests.ts";
import { startUploadServer } from "./upload-server.ts";
import { judge } from "./verdict.ts";

const REQUESTS_EACH = 20_000;
const CONNECTIONS = 16;
const KEYS_EACH = 14;
const BINS = 20;
const MOST_AREA = 0.55;

/** Half of the answers train a classifier; the area under its curve on the other half is 0.5 for a coin. */
export function benchChaff(): Promise<void> {
  return withPostgres(async (url) => {
    await using server = await startUploadServer(url);
    const now = Math.floor(Date.now() / 1_000);
    const bodies = makeBodies(server.authority, REQUESTS_EACH + 600, KEYS_EACH, now);
    const orderOf = (body: string, isChaff: boolean): Order => ({
      url: `${server.publicUrl}/v1/publish`,
      headers: { "content-type": "application/json", ...(isChaff ? { "x-chaff": "1" } : {}) },
      body,
    });
    // The server has to have seen uploads before it can imitate their answers.
    await sendClosely(
      bodies.slice(REQUESTS_EACH).map((body) => orderOf(body, false)),
      CONNECTIONS,
    );
    const isChaff = shuffledHalves(2 * REQUESTS_EACH);
    let next = 0;
    const orders = isChaff.map((chaff) => orderOf((chaff ? bodies[next] : bodies[next++]) ?? "", chaff));
    const { sent } = await sendClosely(orders, CONNECTIONS);

    const half = REQUESTS_EACH;
    const score = train(sent.slice(0, half), isChaff.slice(0, half));
    const area = areaUnderCurve(sent.slice(half).map(score), isChaff.slice(half));
    const kinds = Object.groupBy(sent.keys(), (at) => (isChaff[at] ? "chaff" : "uploads"));
    console.table(Object.fromEntries(Object.entries(kinds).map(([kind, at]) => [kind, summary(sent, at ?? [])])));
    judge(area <= MOST_AREA, `area under the curve: ${area.toFixed(3)} (goal: at most ${MOST_AREA})`);
  });
}

/** As many of each, in random order. */
function shuffledHalves(count: number): boolean[] {
  const flags = Array.from({ length: count }, (_, at) => at % 2 === 0);
  return flags
    .map((flag) => ({ flag, at: Math.random() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ flag }) => flag);
}

/** How much more often answers that look like this one were chaff: by time, size and headers together. */
function train(sent: readonly Sent[], isChaff: readonly boolean[]): (answer: Sent) => number {
  const times = bounds(sent.map(({ milliseconds }) => milliseconds));
  const sizes = bounds(sent.map(({ bodyBytes }) => bodyBytes));
  const look = (answer: Sent) =>
    `${binOf(times, answer.milliseconds)} ${binOf(sizes, answer.bodyBytes)} ${answer.status} ${answer.headers}`;
  const seen = new Map<string, { chaff: number; uploads: number }>();
  for (const [at, answer] of sent.entries()) {
    const counts = seen.get(look(answer)) ?? { chaff: 0, uploads: 0 };
    counts[isChaff[at] === true ? "chaff" : "uploads"]++;
    seen.set(look(answer), counts);
  }
  return (answer) => {
    const { chaff, uploads } = seen.get(look(answer)) ?? { chaff: 0, uploads: 0 };
    return Math.log((chaff + 1) / (uploads + 1));
  };
}

/** Bounds of bins that hold about as many values each. */
function bounds(values: readonly number[]): number[] {
  const sorted = values.toSorted((left, right) => left - right);
  return Array.from({ length: BINS - 1 }, (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / BINS)] ?? 0);
}

function binOf(upper: readonly number[], value: number): number {
  const bin = upper.findIndex((bound) => value < bound);
  return bin === -1 ? upper.length : bin;
}

/** The chance that a random chaff answer scores above a random upload's; equal scores count half. */
function areaUnderCurve(scores: readonly number[], isChaff: readonly boolean[]): number {
  const ranked = scores
    .map((score, at) => ({ score, chaff: isChaff[at] === true }))
    .toSorted((left, right) => left.score - right.score);
  let [below, area, at] = [0, 0, 0];
  while (at < ranked.length) {
    let [chaff, uploads] = [0, 0];
    const score = ranked[at]?.score;
    for (; at < ranked.length && ranked[at]?.score === score; at++) {
      if (ranked[at]?.chaff === true) chaff++;
      else uploads++;
    }
    area += chaff * (below + uploads / 2);
    below += uploads;
  }
  const chaffCount = isChaff.filter(Boolean).length;
  return area / (chaffCount * (isChaff.length - chaffCount));
}

function summary(sent: readonly Sent[], positions: readonly number[]) {
  const chosen = positions.flatMap((at) => sent[at] ?? []);
  const middle = (read: (one: Sent) => number, share: number) =>
    Math.round(
      (chosen.map(read).toSorted((left, right) => left - right)[Math.floor(chosen.length * share)] ?? 0) * 10,
    ) / 10;
  return {
    answers: chosen.length,
    "p10 ms": middle(({ milliseconds }) => milliseconds, 0.1),
    "p50 ms": middle(({ milliseconds }) => milliseconds, 0.5),
    "p90 ms": middle(({ milliseconds }) => milliseconds, 0.9),
    "p10 bytes": middle(({ bodyBytes }) => bodyBytes, 0.1),
    "p50 bytes": middle(({ bodyBytes }) => bodyBytes, 0.5),
    "p90 bytes": middle(({ bodyBytes }) => bodyBytes, 0.9),
    "kinds of headers": new Set(chosen.map(({ headers }) => headers)).size,
  };
}
