// The life of an archive under every sequence of events.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import type { FailureClass } from "../upstreams/classify-failure.ts";
import {
  type ArchiveEvent,
  type ArchiveProgress,
  backOffSeconds,
  isDue,
  NEVER_TRIED,
  nextProgress,
  QUARANTINED_AFTER,
} from "./state-machine.ts";

const LEASE_SECONDS = 900;

describe("an archive in its normal life", () => {
  test("is leased, saved and complete", () => {
    const leased = apply(NEVER_TRIED, lease(1_000));
    expect(leased).toMatchObject({ state: "leased", attempts: 1, leaseToken: 1, leaseUntil: 1_900 });
    expect(apply(leased, { kind: "saved", leaseToken: 1 })).toMatchObject({ state: "complete", leaseUntil: null });
  });

  test("I2: a lease that lapsed is taken over, and the first holder can write no more", () => {
    const first = apply(NEVER_TRIED, lease(0));
    expect(nextProgress(first, lease(LEASE_SECONDS - 1))).toBeNull();
    const second = apply(first, lease(LEASE_SECONDS));
    expect(nextProgress(second, { kind: "saved", leaseToken: 1 })).toBeNull();
    expect(nextProgress(second, failed(second, "damaged", 0, 1))).toBeNull();
    expect(nextProgress(second, { kind: "saved", leaseToken: 2 })).toMatchObject({ state: "complete" });
  });

  test("that was leased and not begun is as it was before, but for its lease token", () => {
    for (const before of [NEVER_TRIED, failOnce(NEVER_TRIED, "missing", 0), apply(NEVER_TRIED, lease(0))]) {
      const leased = apply(before, lease(DAY));
      const { leaseToken } = leased;
      expect(apply(leased, { kind: "released", leaseToken, before })).toEqual({ ...before, leaseToken });
      expect(nextProgress(apply(leased, lease(2 * DAY)), { kind: "released", leaseToken, before })).toBeNull();
    }
  });

  test("waits a minute, then twice as long each time, up to an hour", () => {
    expect([1, 2, 3, 6, 7, 8, 5_000].map(backOffSeconds)).toEqual([60, 120, 240, 1_920, HOUR, HOUR, HOUR]);
  });
});

describe("failures", () => {
  test("I1: an outage never quarantines, however long it lasts", () => {
    const { progress, now } = failUntil("unreachable", (_, at) => at > 30 * DAY);
    expect(progress).toMatchObject({ state: "retry", missingCount: 0, damagedCount: 0 });
    expect((progress.nextAttemptAt ?? 0) - now).toBeLessThanOrEqual(HOUR);
  });

  test("a missing archive is quarantined by its sixth failure", () => {
    const { progress } = failUntil("missing", ({ state }) => state === "quarantined");
    expect(progress).toMatchObject({ attempts: 6, reason: "missing", nextAttemptAt: null });
  });

  test("a damaged archive is quarantined by its third failure", () => {
    const { progress } = failUntil("damaged", ({ state }) => state === "quarantined");
    expect(progress).toMatchObject({ attempts: 3, reason: "damaged" });
  });

  test("outages in between do not count", () => {
    let progress = failOnce(NEVER_TRIED, "damaged", 0);
    for (let at = 1; at <= 10; at++) progress = failOnce(progress, "unreachable", at * DAY);
    expect(failOnce(progress, "damaged", 11 * DAY).state).toBe("retry");
  });

  test("a reopened archive starts anew, but for its lease token", () => {
    const { progress } = failUntil("damaged", ({ state }) => state === "quarantined");
    expect(apply(progress, { kind: "reopen" })).toEqual({ ...NEVER_TRIED, leaseToken: 3 });
  });

  test("what is open or worked on cannot be reopened", () => {
    expect(nextProgress(NEVER_TRIED, { kind: "reopen" })).toBeNull();
    expect(nextProgress(apply(NEVER_TRIED, lease(0)), { kind: "reopen" })).toBeNull();
  });
});

describe("an archive that is to be skipped", () => {
  const skipped = apply(apply(NEVER_TRIED, lease(0)), { kind: "skip" });

  test("waits for nothing, and whoever works on it loses its lease", () => {
    expect(skipped).toMatchObject({ state: "skipped", leaseUntil: null, nextAttemptAt: null });
    for (const event of [{ kind: "saved", leaseToken: 1 }, { kind: "reopen" }, { kind: "skip" }, lease(DAY)] as const) {
      expect(nextProgress(skipped, event)).toBeNull();
    }
  });

  test("starts anew where that is undone, but for its lease token", () => {
    expect(apply(skipped, { kind: "unskip" })).toEqual({ ...NEVER_TRIED, leaseToken: 1 });
    expect(nextProgress(NEVER_TRIED, { kind: "unskip" })).toBeNull();
  });

  test("is not one that is imported", () => {
    const complete = apply(apply(NEVER_TRIED, lease(0)), { kind: "saved", leaseToken: 1 });
    expect(nextProgress(complete, { kind: "skip" })).toBeNull();
  });
});

describe("every sequence of events", () => {
  test("keeps the fields in accord with the state", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        for (const { after, now } of steps) {
          expect(after.nextAttemptAt !== null).toBe(after.state === "retry");
          expect(after.leaseUntil !== null).toBe(after.state === "leased");
          expect(after.reason !== null || !["retry", "quarantined"].includes(after.state)).toBe(true);
          if (after.nextAttemptAt !== null) expect(after.nextAttemptAt).toBeLessThanOrEqual(now + HOUR);
        }
      }),
    );
  });

  test("completes only by a save under the lease in force", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        for (const { before, event, after } of steps) {
          if (after.state !== "complete" || before.state === "complete") continue;
          expect(before.state).toBe("leased");
          expect(event).toEqual({ kind: "saved", leaseToken: before.leaseToken });
        }
      }),
    );
  });

  test("loses no archive: what is not settled can be leased within an hour or a lease, for ever", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        for (const { after, now } of steps) {
          if (["complete", "quarantined", "skipped"].includes(after.state)) continue;
          expect(isDue(after, now + Math.max(HOUR, LEASE_SECONDS))).toBe(true);
        }
      }),
    );
  });

  test("quarantines exactly when the archive's own failures reach their limit", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        for (const { after } of steps.filter((step) => step.after.state !== "skipped")) {
          const isSpent =
            after.missingCount >= QUARANTINED_AFTER.missing || after.damagedCount >= QUARANTINED_AFTER.damaged;
          expect(after.state === "quarantined").toBe(isSpent);
        }
      }),
    );
  });

  test("never gives the same lease token twice", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const given = steps.filter(({ event }) => event.kind === "lease").map(({ after }) => after.leaseToken);
        expect(new Set(given).size).toBe(given.length);
        for (const { before, after } of steps) expect(after.leaseToken).toBeGreaterThanOrEqual(before.leaseToken);
      }),
    );
  });
});

interface Step {
  readonly before: ArchiveProgress;
  readonly event: ArchiveEvent;
  readonly after: ArchiveProgress;
  readonly now: number;
}

type Move = { kind: "lease" | "saved" | "reopen" | "skip" | "unskip" | FailureClass; wait: number; staleness: number };

const moves: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(
    "lease",
    "lease",
    "lease",
    "saved",
    "reopen",
    "skip",
    "unskip",
    "unreachable",
    "missing",
    "damaged",
  ),
  wait: fc.constantFrom(0, MINUTE, 5 * MINUTE, HOUR),
  staleness: fc.constantFrom(0, 0, 0, 1),
});

/** The steps that had an effect. */
const histories = fc.array(moves, { maxLength: 80 }).map((played) => {
  const steps: Step[] = [];
  let before = NEVER_TRIED;
  let now = 0;
  for (const move of played) {
    now += move.wait;
    const event = eventOf(move, before, now);
    const after = nextProgress(before, event);
    if (after === null) continue;
    steps.push({ before, event, after, now });
    before = after;
  }
  return steps;
});

function eventOf({ kind, staleness }: Move, progress: ArchiveProgress, now: number): ArchiveEvent {
  if (kind === "lease") return lease(now);
  if (kind === "reopen" || kind === "skip" || kind === "unskip") return { kind };
  if (kind === "saved") return { kind, leaseToken: progress.leaseToken - staleness };
  return failed(progress, kind, now, progress.leaseToken - staleness);
}

function lease(now: number): ArchiveEvent {
  return { kind: "lease", now, leaseSeconds: LEASE_SECONDS };
}

function failed(progress: ArchiveProgress, kind: FailureClass, now: number, leaseToken = progress.leaseToken) {
  return { kind: "failed", leaseToken, failure: { kind, reason: kind }, now } as const;
}

function apply(progress: ArchiveProgress, event: ArchiveEvent): ArchiveProgress {
  const next = nextProgress(progress, event);
  if (next === null) throw new Error(`${event.kind} means nothing in ${progress.state}`);
  return next;
}

function failOnce(progress: ArchiveProgress, kind: FailureClass, now: number): ArchiveProgress {
  const leased = apply(progress, lease(now));
  return apply(leased, failed(leased, kind, now));
}

function failUntil(kind: FailureClass, isEnough: (progress: ArchiveProgress, now: number) => boolean) {
  let [progress, now] = [NEVER_TRIED, 0];
  while (!isEnough(progress, now)) {
    now = progress.nextAttemptAt ?? now;
    progress = failOnce(progress, kind, now);
  }
  return { progress, now };
}
