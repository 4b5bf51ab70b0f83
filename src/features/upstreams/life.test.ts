// A server that is followed ends when its last listing is settled, and not at an instant.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Life, lifeOf } from "../../core/life.ts";
import { isFinalLook, isTaking, type LifeFacts, needsLook } from "./life.ts";

const FACTS: LifeFacts = { from: 100, until: 200, finalLookAt: null, endedAt: null };

describe("lifeOf", () => {
  test.each<[string, Partial<LifeFacts>, number, Life]>([
    ["before its beginning", {}, 99, "planned"],
    ["at its beginning", {}, 100, "following"],
    ["right before its end", {}, 199, "following"],
    ["from its end on", {}, 200, "ending"],
    ["long after its end, while something is left", { finalLookAt: 205 }, 1_000_000, "ending"],
    ["without an end", { until: null }, 1_000_000, "following"],
    ["once it was ended", { finalLookAt: 205, endedAt: 210 }, 211, "ended"],
    ["ended, even by a clock that is behind", { endedAt: 210 }, 50, "ended"],
  ])("%s", (_, facts, now, life) => {
    expect(lifeOf({ ...FACTS, ...facts }, now)).toBe(life);
  });
});

test("nothing that is listed before the end goes unseen: a look is needed until one at or after it was good", () => {
  const moments = fc.integer({ min: 0, max: 400 });
  fc.assert(
    fc.property(moments, fc.option(moments), (now, finalLookAt) => {
      const facts = { ...FACTS, finalLookAt: finalLookAt === null ? null : Math.max(200, finalLookAt) };
      if (now >= 100 && now < 200) expect(needsLook(facts, now)).toBe(true);
      if (now >= 200) expect(needsLook(facts, now)).toBe(facts.finalLookAt === null);
      expect(isTaking(facts, now)).toBe(now >= 100);
      expect(isFinalLook(facts, now)).toBe(now >= 200);
    }),
  );
});
