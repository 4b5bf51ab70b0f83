// The checks can fail: a correct double of the servers breaks no invariant, and each known defect breaks the one that
// names it.

import { describe, expect, test } from "vitest";
import { BREAKS } from "../../src/simulation/breaks/breaks.ts";
import { liveDoubleWorld } from "../../src/simulation/breaks/double/live-double-world.ts";
import { findBreak, runBreak } from "../../src/simulation/breaks/run-break.ts";
import { findViolations } from "../../src/simulation/invariants/find-violations.ts";
import { longTest, sampled } from "../support/test-size.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe("a double without a defect", () => {
  test.each(sampled(SEEDS, 8))("breaks no invariant (seed %d)", async (seed) => {
    const observed = await liveDoubleWorld({ seed, defect: null });
    expect(findViolations(observed).map(({ invariant, violation }) => [invariant.id, violation])).toEqual([]);
  });

  test("has seen every kind of phone hold keys, and every event that an invariant speaks of", async () => {
    const { phones, events } = await liveDoubleWorld({ seed: 9, defect: null });
    for (const { held } of phones) expect(held.length).toBeGreaterThan(100);
    expect([...new Set(events.map(({ kind }) => kind))].sort()).toEqual([
      "app-updated",
      "content-switched",
      "exporter-ended",
      "index-requested",
      "restart-forced",
      "seal-switched",
      "switched-off",
      "trust-rolled-out",
      "uploads-ended",
    ]);
  });

  longTest("lives the same world again from the same seed", async () => {
    const [one, other] = await Promise.all([1, 1].map((seed) => liveDoubleWorld({ seed, defect: null })));
    const heldBy = (observed: typeof one) => observed?.phones.map(({ held }) => held);
    expect(heldBy(one)).toEqual(heldBy(other));
  });
});

describe("a break is caught by the invariant that names it", () => {
  test.each(sampled(BREAKS, 5).map((known) => [known.name, known.caughtBy, known] as const))(
    "%s by %s",
    async (_, id, known) => {
      const { violations, caught } = await runBreak(known);
      expect(violations.map(({ invariant }) => invariant.id)).toContain(id);
      expect(caught).toBe(true);
    },
  );
});

test("the breaks that were asked for by name are there", () => {
  const asked = [
    "index-deleted-before-files",
    "failed-file-inserted-mid-index",
    "shuffled-windows",
    "unsealed-append",
    "double-signature",
    "no-grace",
    "empty-index-published",
    "padding-absent",
  ];
  expect(asked.filter((name) => findBreak(name) === null)).toEqual([]);
  expect(findBreak("no-such-break")).toBeNull();
});

test("every defect that KS 13 marks critical or high has a break, but for those of federation", () => {
  const marked = ["P1", "P6", "P7", "J1", "J2", "J3", "J4", "X1", "X5", "X6"];
  const markedExport = ["E1", "E2", "E3", "E4", "E6", "E7", "E10", "E14", "E16"];
  const markedImport = ["I1", "I2", "I4", "I5", "I6", "I8", "I11"];
  const markedMirror = ["M1", "M2", "M3", "M4", "M5", "M6"];
  const known = BREAKS.flatMap(({ source }) => (source.startsWith("KS ") ? source.slice(3).split(", ") : []));
  expect([...marked, ...markedExport, ...markedImport, ...markedMirror].filter((id) => !known.includes(id))).toEqual(
    [],
  );
});
