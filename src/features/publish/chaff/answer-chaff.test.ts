// Answers to chaff look like those that uploads got.

import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../platform/random/seeded-random.ts";
import { ANSWER_HEADERS } from "../answer-publish.ts";
import type { PublishSettings } from "../publish-types.ts";
import { answerChaff } from "./answer-chaff.ts";
import { createChaffProfile, REMEMBERED, type SeenAnswer } from "./chaff-profile.ts";

const settings: PublishSettings = {
  limits: { maxExposureKeys: 30, maxSameStart: 3, maxAgeSeconds: 1_296_000 },
  onset: { maxReportDays: 28, defaultDaysAgo: 4 },
  paddingMinBytes: 1_024,
  paddingRangeBytes: 1_024,
  statsAudience: "keyserver",
  isInMaintenance: false,
  requestsPerMinute: 0,
  chaffMaxLatencyMilliseconds: 1_000,
};

function makeChaff(seen: readonly SeenAnswer[]) {
  const random = seededRandom(3);
  const profile = createChaffProfile(random);
  for (const answer of seen) profile.note(answer);
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const draw = async (count: number) => {
    const answers = [];
    for (let drawn = 0; drawn < count; drawn++) answers.push(await answerChaff({ random, settings, profile, wait }));
    return answers;
  };
  return { draw, waits };
}

describe("the answer to chaff", () => {
  test("has the status and the headers of an upload's, and nothing but padding", async () => {
    const [answer] = await makeChaff([{ bodyBytes: 3_000, milliseconds: 12 }]).draw(1);
    expect(answer).toMatchObject({ status: 200, headers: ANSWER_HEADERS });
    expect(Object.keys(JSON.parse(answer?.body ?? ""))).toEqual(["padding"]);
  });

  test("has size and time of one real answer, each of them as often as it came", async () => {
    const seen = [3_000, 3_001, 3_002, 4_444].map((bodyBytes) => ({ bodyBytes, milliseconds: bodyBytes / 100 }));
    const { draw, waits } = makeChaff(seen);
    const sizes = (await draw(4_000)).map(({ body }) => Buffer.byteLength(body));
    expect(sizes.map((size) => size / 100)).toEqual(waits);
    for (const { bodyBytes } of seen) {
      const share = sizes.filter((size) => size === bodyBytes).length / sizes.length;
      expect(share).toBeGreaterThan(0.22);
      expect(share).toBeLessThan(0.28);
    }
  });

  test("follows the latest answers", async () => {
    const old = Array.from({ length: 50 }, () => ({ bodyBytes: 9_000, milliseconds: 900 }));
    const latest = Array.from({ length: REMEMBERED }, () => ({ bodyBytes: 3_000, milliseconds: 10 }));
    const { draw, waits } = makeChaff([...old, ...latest]);
    const sizes = (await draw(500)).map(({ body }) => Buffer.byteLength(body));
    expect(new Set(sizes)).toEqual(new Set([3_000]));
    expect(new Set(waits)).toEqual(new Set([10]));
  });

  test("never waits longer than the setting, however slow uploads are", async () => {
    const { draw, waits } = makeChaff([{ bodyBytes: 3_000, milliseconds: 60_000 }]);
    await draw(1);
    expect(waits).toEqual([1_000]);
  });

  test("is as large as that of a good upload before there was one", async () => {
    const sizes = (await makeChaff([]).draw(500)).map(({ body }) => Buffer.byteLength(body));
    expect(Math.min(...sizes)).toBeGreaterThan(3_000);
    expect(new Set(sizes).size).toBeGreaterThan(100);
  });
});
