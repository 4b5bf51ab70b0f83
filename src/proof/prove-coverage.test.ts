// A proof finds each key that is missing or has other values, and nothing else.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArchiveContent, MemoryTrees } from "../../test/support/proof/memory-trees.ts";
import { DAY, HOUR } from "../core/clock.ts";
import type { ExposureKey } from "../core/exposure-key.ts";
import { type CoverageQuestion, proveCoverage } from "./prove-coverage.ts";

const NOW = 1_795_514_400;
const LAG = 8 * HOUR;

function key(number: number, changes: Partial<ExposureKey> = {}): ExposureKey {
  const keyData = new Uint8Array(16);
  new DataView(keyData.buffer).setUint32(0, Math.imul(number + 1, 0x9e3779b1));
  return {
    keyData,
    rollingStart: Math.floor(NOW / 86_400 - 3) * 144,
    rollingPeriod: 144,
    transmissionRisk: 2,
    reportType: 1,
    daysSinceOnset: 0,
    ...changes,
  };
}

const archive = (line: string, daysAgo: number, content: Partial<ArchiveContent>): ArchiveContent => ({
  line,
  end: NOW - daysAgo * DAY,
  ...content,
});

async function publish(state: readonly ArchiveContent[], nation: readonly ArchiveContent[]) {
  const trees = new MemoryTrees();
  const question: CoverageQuestion = {
    state: [await trees.publish("state", state)],
    places: [{ name: "national exports", trees: [await trees.publish("nation", nation)] }],
    now: NOW,
    planDigest: null,
    lagSeconds: LAG,
  };
  return { trees, question };
}

async function prove(state: readonly ArchiveContent[], nation: readonly ArchiveContent[]) {
  const { trees, question } = await publish(state, nation);
  const { report } = await proveCoverage(trees.deps(NOW), question);
  const [place] = report.places;
  if (place === undefined) throw new Error("the report has no place");
  return { report, place };
}

describe("a key of the state", () => {
  test.each([
    ["is covered with the same values", [key(1)], [key(1)], "covered"],
    ["is missing", [key(1)], [key(2)], "missing"],
    ["is different where its interval differs", [key(1)], [key(1, { rollingPeriod: 20 })], "different"],
    ["is different where its report type differs", [key(1)], [key(1, { reportType: 2 })], "different"],
    ["is covered where an absent report type is a confirmed test", [key(1, { reportType: null })], [key(1)], "covered"],
    [
      "is covered where an absent risk is 0",
      [key(1, { transmissionRisk: null })],
      [key(1, { transmissionRisk: 0 })],
      "covered",
    ],
    ["is withdrawn where it is revoked", [key(1, { reportType: 5 })], [key(2)], "withdrawn"],
    ["is expired after 14 days", [key(1, { rollingStart: Math.floor(NOW / 86_400 - 16) * 144 })], [key(2)], "expired"],
  ] as const)("%s", async (_, state, nation, verdict) => {
    const { report, place } = await prove(
      [archive("a.zip", 2, { primaries: state })],
      [archive("n.zip", 1, { primaries: nation })],
    );
    expect(place.counts).toMatchObject({ [verdict]: 1 });
    expect(report.verdict).toBe(verdict === "missing" || verdict === "different" ? "not_proven" : "proven");
  });

  test("is on its way when the state published it within the lag, and missing afterwards", async () => {
    const nation = [archive("n.zip", 1, { primaries: [key(9)] })];
    const recent = await prove([archive("a.zip", 0, { primaries: [key(1)] })], nation);
    expect(recent.place.counts).toMatchObject({ on_the_way: 1, missing: 0 });
    const late = await prove([{ line: "a.zip", end: NOW - LAG, primaries: [key(1)] }], nation);
    expect(late.place.counts).toMatchObject({ on_the_way: 0, missing: 1 });
  });

  test("counts with its latest revision, on both sides", async () => {
    const state = [
      archive("a.zip", 3, { primaries: [key(1, { reportType: 2 })] }),
      archive("b.zip", 2, { revised: [key(1)] }),
    ];
    const original = archive("m.zip", 2, { primaries: [key(1, { reportType: 2 })] });
    const behind = await prove(state, [original]);
    expect(behind.place).toMatchObject({ differences: { reportType: 1 }, isCovered: false });
    expect(behind.place.archives).toEqual([
      { tree: "state", line: "b.zip", end: NOW - 2 * DAY, missing: 0, different: 1 },
    ]);
    const level = await prove(state, [original, archive("n.zip", 1, { revised: [key(1)] })]);
    expect(level.report.verdict).toBe("proven");
  });
});

describe("what cannot be read", () => {
  test("of the state leaves nothing proven", async () => {
    const trees = new MemoryTrees();
    const state = await trees.publish("state", [
      archive("a.zip", 3, { primaries: [key(1)] }),
      archive("b.zip", 2, { primaries: [key(2)] }),
    ]);
    const nation = await trees.publish("nation", [archive("n.zip", 1, { primaries: [key(1), key(2)] })]);
    trees.bodies.delete("https://state.example/b.zip");
    const places = [{ name: "nation", trees: [nation] }];
    const { report } = await proveCoverage(trees.deps(NOW), {
      state: [state],
      places,
      now: NOW,
      planDigest: null,
      lagSeconds: LAG,
    });
    expect(report).toMatchObject({ verdict: "not_proven", places: [{ isCovered: true }] });
    expect(report.state[0]?.problems).toMatchObject([{ line: "b.zip", code: "archive_missing" }]);
  });

  test("an empty state proves nothing", async () => {
    const { report } = await prove([], [archive("n.zip", 1, { primaries: [key(1)] })]);
    expect(report.verdict).toBe("not_proven");
  });

  test("an archive under another key is a problem, not a key", async () => {
    const trees = new MemoryTrees();
    const other = new MemoryTrees();
    const state = await trees.publish("state", [archive("a.zip", 2, { primaries: [key(1)] })]);
    const forged = await other.publish("nation", [archive("n.zip", 1, { primaries: [key(1)] })]);
    for (const [url, bytes] of other.bodies) trees.bodies.set(url, bytes);
    const nation = { ...forged, trustedKeys: state.trustedKeys };
    const places = [{ name: "nation", trees: [nation] }];
    const { report } = await proveCoverage(trees.deps(NOW), {
      state: [state],
      places,
      now: NOW,
      planDigest: null,
      lagSeconds: LAG,
    });
    expect(report.places[0]).toMatchObject({ counts: { missing: 1 } });
    expect(report.places[0]?.trees[0]?.problems).toMatchObject([{ code: "archive_signature_invalid" }]);
  });
});

test("one key that is taken out of a nation at random is found, and nothing is when none is", async () => {
  const people = fc.array(fc.record({ day: fc.integer({ min: 1, max: 9 }), revised: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(people, fc.nat(), async (keys, lost) => {
      const days = Array.from({ length: 9 }, (_, at) => 9 - at);
      const withDay = keys.map((each, number) => ({ ...each, number }));
      const tree = (without: number) =>
        days.map((day) =>
          archive(`${day}.zip`, day, {
            primaries: withDay
              .filter((each) => each.day === day && each.number !== without)
              .map(({ number }) => key(number)),
            revised: withDay
              .filter((each) => each.revised && each.day === day + 1 && each.number !== without)
              .map(({ number }) => key(number, { reportType: 2 })),
          }),
        );
      expect((await prove(tree(-1), tree(-1))).report.verdict).toBe("proven");
      const { report, place } = await prove(tree(-1), tree(lost % keys.length));
      expect(report.verdict).toBe("not_proven");
      expect(place.counts).toMatchObject({ missing: 1, different: 0, covered: keys.length - 1 });
    }),
    { numRuns: 20 },
  );
});

describe("a sample", () => {
  const days = Array.from({ length: 12 }, (_, at) => at + 1).reverse();
  const state = days.map((day) => archive(`${day}.zip`, day, { primaries: [key(day), key(100 + day)] }));

  test("reads few archives where all is well, and finds nothing wrong", async () => {
    const { trees, question } = await publish(state, state);
    const { report } = await proveCoverage(trees.deps(NOW), question, { archives: 1, random: trees.random });
    expect(report.verdict).toBe("sample_good");
    expect(trees.fetched.filter((url) => url.includes("nation"))).toHaveLength(3);
  });

  test("finds what is missing from what it looked for", async () => {
    const { trees, question } = await publish(state, state.slice(1));
    const { report } = await proveCoverage(trees.deps(NOW), question, { archives: 12, random: trees.random });
    expect(report).toMatchObject({ verdict: "not_proven", places: [{ counts: { missing: 2 } }] });
  });
});
