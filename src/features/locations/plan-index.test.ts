// The fence over examples and over random histories of one location.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LocationArchive } from "./location-types.ts";
import { type IndexPlan, listedArchives, planIndex } from "./plan-index.ts";
import { expiredHead } from "./publish-index.ts";

const RETENTION = 10;

function archive(seq: number, changes: Partial<LocationArchive> = {}): LocationArchive {
  const times = { start: seq, end: seq + 1, expiresAt: 100, expiredAt: null, unlistedAt: null, deletedAt: null };
  return { seq, line: `line-${seq}`, ...times, ...changes };
}

const archives = (...seqs: number[]) => seqs.map((seq) => archive(seq));
const lines = (...seqs: number[]) => seqs.map((seq) => `line-${seq}`);

describe("planning an index", () => {
  test("extends what is published", () => {
    const plan = planIndex(lines(1), archives(1, 2), 0);
    expect(plan).toEqual({ kind: "write", lines: lines(1, 2), seqs: [1, 2] });
  });

  test("finds nothing to do where the published index is right, and where there was never one", () => {
    expect(planIndex(lines(1, 2), archives(1, 2), 0).kind).toBe("current");
    expect(planIndex(null, [], 0).kind).toBe("nothing");
  });

  test.each([
    ["missing", null],
    ["empty", []],
    ["cut off behind its first line", lines(1)],
  ])("heals an index that is %s", (_, published) => {
    expect(planIndex(published, archives(1, 2, 3), 0)).toMatchObject({ kind: "write", lines: lines(1, 2, 3) });
  });

  test("takes expired lines from the head", () => {
    const ours = [archive(1, { expiredAt: 5 }), archive(2), archive(3)];
    expect(planIndex(lines(1, 2), ours, 0)).toMatchObject({ kind: "write", lines: lines(2, 3) });
  });

  test("I4: keeps the newest archive even when it has expired", () => {
    const ours = [archive(1, { expiredAt: 5 }), archive(2, { expiredAt: 5 })];
    expect(planIndex(lines(1, 2), ours, 0)).toMatchObject({ kind: "write", lines: lines(2) });
  });

  test("adopts what stands behind our last archive, then forgets what had expired by then", () => {
    const ours = [archive(1, { expiresAt: 50 }), archive(2)];
    expect(planIndex(lines(2, 3), ours, 50)).toEqual({ kind: "adopt", unknown: lines(3) });
    expect(planIndex(lines(2, 3), [...ours, archive(3)], 50)).toEqual({ kind: "forget", seqs: [1] });
  });

  test("adopts an index of which our old records know nothing any more", () => {
    expect(planIndex(lines(7, 8), archives(1, 2), 100)).toEqual({ kind: "adopt", unknown: lines(7, 8) });
  });

  test.each([
    ["lacks a line in the middle", lines(1, 3)],
    ["has another order", lines(2, 1, 3)],
    ["has an unknown line at its head", ["foreign", ...lines(1, 2, 3)]],
    ["has an unknown line in its middle", [...lines(1), "foreign", ...lines(2, 3)]],
    ["has an unknown line in the place of our last", [...lines(1, 2), "foreign"]],
    ["repeats a line", lines(1, 2, 3, 2)],
    ["lacks a line at its head that has not expired", lines(2, 3)],
    ["is that of another tree, while our archives have not expired", ["foreign", "other"]],
  ])("refuses, before anything is adopted, where the published index %s", (_, published) => {
    expect(planIndex(published, archives(1, 2, 3), 99).kind).toBe("refuse");
  });
});

/** A location as the plan sees it, with a database that can be set back and an index that others damage. */
class World {
  archives: LocationArchive[] = [];
  published: string[] | null = null;
  now = 0;
  private backups: LocationArchive[][] = [];
  private nameCount = 0;

  run(step: Step): void {
    switch (step.kind) {
      case "append":
        if (this.reconcile().kind !== "refuse") this.commit(`line-${this.nameCount++}`);
        break;
      case "wait":
        this.now += step.seconds;
        break;
      case "publish":
        this.publish();
        break;
      case "backup":
        this.backups.push([...this.archives]);
        break;
      case "restore":
        this.backups.length = Math.min(this.backups.length, step.at + 1);
        this.archives = [...(this.backups.at(-1) ?? this.archives)];
        break;
      case "lose":
        this.published = null;
        break;
      case "truncate":
        this.published = this.published?.slice(0, this.published.length - step.lines) ?? null;
        break;
      case "foreign":
        this.published = this.published?.toSpliced(step.at, step.removed, `foreign-${this.nameCount++}`) ?? null;
        break;
      case "remove":
        this.published = this.published?.toSpliced(step.at, 1) ?? null;
        break;
      default:
        throw step satisfies never;
    }
  }

  /** Answers the plan after everything that can be adopted or forgotten was. */
  reconcile(): IndexPlan {
    for (let round = 0; round < 4; round++) {
      const plan = planIndex(this.published, this.archives, this.now);
      if (plan.kind === "adopt") for (const line of plan.unknown) this.commit(line);
      else if (plan.kind === "forget") this.expire(plan.seqs);
      else return plan;
    }
    throw new Error("the plan goes round in circles");
  }

  private commit(line: string): void {
    const seq = (this.archives.at(-1)?.seq ?? 0) + 1;
    this.archives.push(archive(seq, { line, expiresAt: this.now + RETENTION }));
  }

  private expire(seqs: readonly number[]): void {
    this.archives = this.archives.map((one) => (seqs.includes(one.seq) ? { ...one, expiredAt: this.now } : one));
  }

  private publish(): void {
    if (this.reconcile().kind === "refuse") return;
    this.expire(expiredHead(this.archives, this.now));
    const plan = this.reconcile();
    if (plan.kind !== "write") return;
    requireExtension(this.published ?? [], plan.lines);
    const living = this.archives.filter(({ expiresAt }) => expiresAt > this.now).map(({ line }) => line);
    expect(plan.lines).toEqual(expect.arrayContaining(living));
    this.published = [...plan.lines];
  }
}

/** The new lines are the published ones, some taken from the head, with more behind; never none. */
function requireExtension(published: readonly string[], planned: readonly string[]): void {
  expect(planned.length).toBeGreaterThan(0);
  expect(new Set(planned).size).toBe(planned.length);
  const kept = published.filter((line) => planned.includes(line));
  expect(published.slice(published.length - kept.length)).toEqual(kept);
  expect(planned.slice(0, kept.length)).toEqual(kept);
}

type Step =
  | { kind: "append" | "publish" | "backup" | "lose" }
  | { kind: "wait"; seconds: number }
  | { kind: "restore"; at: number }
  | { kind: "truncate"; lines: number }
  | { kind: "foreign"; at: number; removed: number }
  | { kind: "remove"; at: number };

const honestStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ kind: "append" }) },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: "publish" }) },
  fc.constantFrom<Step>({ kind: "backup" }, { kind: "lose" }),
  fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 15 }) }),
  fc.record({ kind: fc.constant("restore" as const), at: fc.nat(3) }),
  fc.record({ kind: fc.constant("truncate" as const), lines: fc.nat(3) }),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: honestStep },
  fc.record({ kind: fc.constant("foreign" as const), at: fc.nat(6), removed: fc.nat(3) }),
  fc.record({ kind: fc.constant("remove" as const), at: fc.nat(6) }),
);

describe("the fence, over any history", () => {
  test("a plan to write extends what is published, holds all that has not expired, and is never empty", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
        const world = new World();
        for (const step of steps) world.run(step);
      }),
      { numRuns: 2_000 },
    );
  });

  test("restored databases, lost and truncated indexes never end in a refusal", () => {
    fc.assert(
      fc.property(fc.array(honestStep, { maxLength: 40 }), (steps) => {
        const world = new World();
        for (const step of steps) world.run(step);
        expect(world.reconcile().kind).not.toBe("refuse");
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("expiry", () => {
  test("takes the oldest up to the first that lives, never the newest", () => {
    const due = (...seqs: number[]) => seqs.map((seq) => archive(seq, { expiresAt: 10 }));
    expect(expiredHead([...due(1, 2), archive(3), ...due(4)], 10)).toEqual([1, 2]);
    expect(expiredHead([...due(1, 2), archive(3)], 9)).toEqual([]);
    expect(expiredHead(due(1, 2, 3), 10)).toEqual([1, 2]);
    expect(expiredHead(due(1), 10)).toEqual([]);
    expect(expiredHead([], 10)).toEqual([]);
  });

  test("names each archive once", () => {
    const ours = [archive(1, { expiresAt: 10, expiredAt: 10 }), archive(2, { expiresAt: 10 }), archive(3)];
    expect(expiredHead(ours, 10)).toEqual([2]);
  });

  test("leaves the listed archives a run without a gap, whatever expires when", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { maxLength: 12 }),
        fc.array(fc.nat(25), { maxLength: 5 }),
        (expiries, times) => {
          let ours = expiries.map((expiresAt, at) => archive(at + 1, { expiresAt }));
          for (const now of times) {
            const expired = expiredHead(ours, now);
            ours = ours.map((one) => (expired.includes(one.seq) ? { ...one, expiredAt: now } : one));
          }
          const listed = listedArchives(ours);
          expect(listed).toEqual(ours.slice(ours.length - listed.length));
          expect(listed.length > 0).toBe(ours.length > 0);
        },
      ),
    );
  });
});
