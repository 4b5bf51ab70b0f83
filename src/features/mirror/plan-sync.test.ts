// Planning a mirror run: what is taken, in which order, and which source is not believed.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { planSync } from "./plan-sync.ts";

const NOW = 1_795_132_800;
const NONE: ReadonlySet<string> = new Set();

/** Taken lines whose windows ended so many days ago. */
function taken(endedDaysAgo: Record<string, number>): { line: string; end: number }[] {
  return Object.entries(endedDaysAgo).map(([line, days]) => ({ line, end: NOW - days * DAY }));
}

describe("what is taken", () => {
  test.each([
    ["everything of a source that is new to us", [], ["a", "b"], ["a", "b"]],
    ["nothing of one that lists nothing yet", [], [], []],
    ["nothing when everything was taken", taken({ a: 2, b: 1 }), ["a", "b"], []],
    ["what stands behind, in its order", taken({ a: 2 }), ["a", "c", "b"], ["c", "b"]],
    [
      "what the source put into its middle or before its head, too",
      taken({ b: 2, d: 1 }),
      "abcde".split(""),
      "ace".split(""),
    ],
    ["the new lines of a source whose head expired", taken({ a: 2, b: 2, c: 1 }), ["c", "d"], ["d"]],
    ["the new lines even when the head came back", taken({ a: 20, b: 1 }), ["a", "b", "c"], ["c"]],
    [
      "the new lines when an old one left that stands behind younger ones",
      taken({ a: 13, b: 12, x: 14 }),
      ["a", "b", "c"],
      ["c"],
    ],
    ["the new lines of a source that was quiet until its last line expired", taken({ a: 15, b: 14 }), ["c"], ["c"]],
    ["nothing of a source that is empty because all has expired", taken({ a: 15, b: 14 }), [], []],
  ])("%s", (_name, handedOver, listed, lines) => {
    const plan = planSync({ listed, taken: handedOver, skipped: NONE, mayBeGone: NONE, now: NOW });
    expect(plan).toEqual({ kind: "take", lines, waiting: lines, lost: [] });
  });
});

describe("KS M6: a source that is not believed", () => {
  test.each([
    ["is empty", [], '"a" no more, nothing'],
    ["was cut at its end", ["a", "b"], '"c" no more, though older'],
    ["was cut to its first line", ["a"], '"b" no more, though older'],
    ["has a hole in its middle", ["a", "c"], '"b" no more, though older'],
    ["lists other lines only", ["x", "y", "z"], '"a" no more, nothing'],
    ["lists other lines behind a part of its own", ["a", "b", "x"], '"c" no more, though older'],
  ])("%s", (_name, listed, why) => {
    const plan = planSync({ listed, taken: taken({ a: 3, b: 2, c: 1 }), skipped: NONE, mayBeGone: NONE, now: NOW });
    expect(plan).toMatchObject({ kind: "refuse", why: expect.stringContaining(why) });
  });

  test("all that it lost is told, and what it lists meanwhile", () => {
    const plan = planSync({
      listed: ["a", "x"],
      taken: taken({ a: 3, b: 2, c: 1 }),
      skipped: NONE,
      mayBeGone: NONE,
      now: NOW,
    });
    expect(plan).toMatchObject({ kind: "refuse", lost: ["b", "c"], waiting: ["x"] });
  });

  test("what an operator accepts as gone is missed no more, and anything else is", () => {
    const shrunk = { listed: ["a", "x"], taken: taken({ a: 3, b: 2, c: 1 }), skipped: NONE, now: NOW };
    expect(planSync({ ...shrunk, mayBeGone: new Set(["b", "c"]) })).toMatchObject({ kind: "take", lines: ["x"] });
    expect(planSync({ ...shrunk, mayBeGone: new Set(["b"]) })).toMatchObject({ kind: "refuse", lost: ["c"] });
  });

  test("a replaced source is believed from the moment on when all that was taken can have expired", () => {
    const replaced = { listed: ["x"], taken: taken({ a: 3, b: 1 }), skipped: NONE, mayBeGone: NONE };
    expect(planSync({ ...replaced, now: NOW + 9 * DAY - 1 }).kind).toBe("refuse");
    expect(planSync({ ...replaced, now: NOW + 9 * DAY }).kind).toBe("take");
  });
});

describe("whatever a source does", () => {
  const line = fc.constantFrom(..."abcdefghij".split(""));
  const input = fc.record({
    listed: fc.uniqueArray(line),
    taken: fc.uniqueArray(fc.record({ line, end: fc.integer({ min: NOW - 20 * DAY, max: NOW }) }), {
      selector: (archive) => archive.line,
    }),
    skipped: fc.uniqueArray(line, { maxLength: 4 }).map((lines) => new Set(lines)),
    mayBeGone: fc.constant(NONE),
    now: fc.constant(NOW),
  });

  test("a plan holds everything listed, untaken and not skipped, in the source's order, and nothing else", () => {
    fc.assert(
      fc.property(input, (sync) => {
        const plan = planSync(sync);
        if (plan.kind === "refuse") return;
        const known = sync.taken.map((archive) => archive.line);
        const waiting = sync.listed.filter((one) => !known.includes(one));
        expect(plan.waiting).toEqual(waiting);
        expect(plan.lines).toEqual(waiting.filter((one) => !sync.skipped.has(one)));
      }),
    );
  });

  test("it is refused exactly when a young line is gone that is not part of the head", () => {
    fc.assert(
      fc.property(input, (sync) => {
        const isGone = sync.taken.map((archive) => !sync.listed.includes(archive.line));
        const isHead = (at: number) => isGone.includes(false) && isGone.slice(0, at).every(Boolean);
        const suspicious = sync.taken.filter(
          (archive, at) => isGone[at] && !isHead(at) && NOW - archive.end < 10 * DAY,
        );
        expect(planSync(sync).kind).toBe(suspicious.length > 0 ? "refuse" : "take");
      }),
    );
  });
});

describe("a source that behaves, with archives that fail now and then", () => {
  // Each step: some hours pass, lines may come to the end or into the middle, what is old leaves, and a run hands over
  // only so many lines before one fails.
  const step = fc.record({
    hours: fc.integer({ min: 0, max: 72 }),
    comes: fc.constantFrom("nothing", "at the end", "into the middle"),
    reaches: fc.integer({ min: 0, max: 3 }),
  });

  test("is never refused, and nothing that it lists long enough is skipped", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const handedOver: { line: string; end: number }[] = [];
        let listed: { line: string; end: number }[] = [];
        let now = NOW;
        const run = (reaches: number) => {
          const plan = planSync({
            listed: listed.map((archive) => archive.line),
            taken: handedOver,
            skipped: NONE,
            mayBeGone: NONE,
            now,
          });
          if (plan.kind === "refuse") throw new Error(plan.why);
          const had = plan.lines.slice(0, reaches).flatMap((name) => listed.filter((one) => one.line === name));
          handedOver.push(...had);
        };
        for (const [at, { hours, comes, reaches }] of steps.entries()) {
          now += hours * HOUR;
          listed = listed.filter((archive) => archive.end + 14 * DAY > now);
          const place = comes === "at the end" ? listed.length : Math.floor(listed.length / 2);
          if (comes !== "nothing") {
            // A late line is as old as its neighbours.
            const end = comes === "at the end" ? now : (listed[place]?.end ?? now);
            listed.splice(place, 0, { line: `${at}`, end });
          }
          run(reaches);
        }
        run(Number.POSITIVE_INFINITY);
        const names = handedOver.map((archive) => archive.line);
        expect(names).toEqual(expect.arrayContaining(listed.map((archive) => archive.line)));
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
