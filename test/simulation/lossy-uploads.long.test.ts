// A world whose phones upload over a bad network: answers are lost after the commit, requests before it, some are cut off.
//
// What counts as failure: a key of an acknowledged upload that is missing, altered or delivered twice somewhere; a fault
// of some kind that never happened; a world in which nothing gets through and that ends well.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import type { DemoReport } from "../../src/simulation/demo/demo-types.ts";
import { type Course, migrateState } from "../../src/simulation/demo/migrate-state.ts";
import { WHOLE_FLEET } from "../../src/simulation/demo/phone-fleet.ts";
import { silentNarrator } from "../support/silent-narrator.ts";

const COURSE: Course = {
  importAfterSeconds: 12 * HOUR,
  switchAfterSeconds: DAY + 9 * HOUR,
  lastReportAfterSeconds: 3 * DAY,
  endsAfterSeconds: 4 * DAY + 12 * HOUR,
  peoplePerDay: { XX: 18, YY: 6, ZZ: 4, WW: 3 },
};

/** What uploads meet is nothing to the phones that follow; one at each location is enough. */
const FLEET = WHOLE_FLEET.filter(({ kind }) => kind.name === "android-lenient");

const SHORT_COURSE: Course = { ...COURSE, lastReportAfterSeconds: DAY, endsAfterSeconds: 2 * DAY };

/** What happens to one upload on its way, and to its answer on the way back. */
const FATES = ["good", "unsent", "unavailable", "too many", "cut off", "answer lost"] as const;
type Fate = (typeof FATES)[number];
/** In as many of ten cases. */
const LUCK = ["good", "good", "good", "good", "answer lost", "answer lost", ...FATES.slice(1, 5)] as const;

type Address = Parameters<typeof fetch>[0];
type Network = (phone: string) => typeof fetch;

async function live(network: Network, course = COURSE): Promise<DemoReport> {
  const options = { seed: 4, switchedOff: null, narrator: silentNarrator, fleet: FLEET };
  return migrateState({ ...options, network }, course);
}

/** Each phone's luck is its own, whatever the others do; verification servers are always reached. */
function badNetwork(happened: Map<Fate, number>): Network {
  return (phone) => {
    const luck = seededRandom(8).fork(phone);
    return async (url, init = {}) => {
      if (!isUpload(url)) return fetch(url, init);
      const fate = LUCK[luck.integer(LUCK.length - 1)] ?? "good";
      happened.set(fate, (happened.get(fate) ?? 0) + 1);
      return meet(fate, url, init);
    };
  };
}

const isUpload = (url: Address) => new Request(url).url.endsWith("/v1/publish");

async function meet(fate: Fate, url: Address, init: RequestInit): Promise<Response> {
  const retry = { headers: { "retry-after": "60" } };
  if (fate === "unavailable") return new Response("<html>come back later</html>", { status: 503, ...retry });
  if (fate === "too many") return new Response("", { status: 429, ...retry });
  if (fate === "unsent") throw new TypeError("the network is unreachable");
  if (fate === "cut off") {
    const controller = new AbortController();
    // Whatever the server is doing with it by then.
    setTimeout(() => controller.abort(), 2);
    await fetch(url, { ...init, signal: controller.signal }).catch(() => undefined);
    throw new TypeError("the connection was cut");
  }
  const answer = await fetch(url, init);
  if (fate === "good") return answer;
  // The server has done its work, and nobody hears of it.
  if (answer.status !== 200) throw new Error(`the server answered ${answer.status}`);
  await answer.bytes();
  throw new TypeError("the connection was closed");
}

test("every acknowledged upload reaches every phone once, however often it was repeated", async () => {
  const happened = new Map<Fate, number>();
  const report = await live(badNetwork(happened));
  expect(report.verdicts.filter(({ good }) => !good)).toEqual([]);
  expect(report.phones.flatMap(({ troubles }) => troubles)).toEqual([]);
  const { uploads } = report;
  expect(uploads.acknowledged).toBeGreaterThan(80);
  expect(uploads.repeated).toBeGreaterThan(uploads.acknowledged);
  expect(uploads.failed).toBe(0);
  expect(uploads.revisedKeys).toBeGreaterThan(50);
  for (const fate of FATES) expect(happened.get(fate), fate).toBeGreaterThan(20);
  expect(report.phones.map(({ expected }) => expected > 400)).toEqual([true, true]);
});

test("a world in which no upload gets through ends badly, and no phone holds a key of it", async () => {
  const report = await live(
    () => async (url, init) => {
      if (isUpload(url)) throw new TypeError("the network is unreachable");
      return fetch(url, init);
    },
    SHORT_COURSE,
  );
  expect(report.verdicts.filter(({ good }) => !good).map(({ name }) => name)).toContain("uploads refused or given up");
  expect(report.uploads.acknowledged).toBe(0);
  expect(report.phones.map(({ held, expected }) => [held, expected])).toEqual(report.phones.map(() => [0, 0]));
});
