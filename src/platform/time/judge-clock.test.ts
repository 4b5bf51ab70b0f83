// Every rule on when a clock is relied on, one by one and over all distances.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import { type ClockFacts, judgeClock } from "./judge-clock.ts";

const facts = (changes: Partial<ClockFacts>): ClockFacts => ({
  offset: 0,
  steadySeconds: 0,
  believed: null,
  recorded: 0,
  process: null,
  database: null,
  upstreams: [],
  word: null,
  ...changes,
});
const judge = (changes: Partial<ClockFacts>) => judgeClock(facts(changes));
const elsewhere = (offset: number) => ({ offset, isElsewhere: true });
const here = (offset: number) => ({ offset, isElsewhere: false });

describe("a start, by its distance from the record", () => {
  test.each([
    [-40 * DAY, "clock_behind", false],
    [-5 * MINUTE - 1, "clock_behind", false],
    [-5 * MINUTE, null, true],
    [30 * MINUTE, null, true],
    [30 * MINUTE + 1, "clock_unproven", true],
    [25 * HOUR, "clock_unproven", true],
    [25 * HOUR + 1, "clock_ahead", false],
    [40 * DAY, "clock_ahead", false],
  ])("%d s: %s", (offset, doubt, mayClose) => {
    const { trust } = judge({ offset });
    expect(trust.doubt).toBe(doubt);
    expect(trust.allows).toEqual({ none: true, closing: mayClose, destroying: doubt === null });
  });

  test("destroys nothing without proof at any distance above half an hour, ahead or behind", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100 * DAY, max: 100 * DAY }),
        fc.integer({ min: 0, max: HOUR - 1 }),
        (offset, steadySeconds) => {
          const { allows } = judge({ offset, steadySeconds }).trust;
          expect(allows.destroying).toBe(offset >= -5 * MINUTE && offset <= 30 * MINUTE);
          expect(allows.closing).toBe(offset >= -5 * MINUTE && offset <= 25 * HOUR);
        },
      ),
    );
  });
});

describe("proof of a clock that is ahead by a month", () => {
  const offset = 30 * DAY;
  const agreeing = {
    process: { process: offset },
    database: { database: elsewhere(offset) },
    upstreams: { upstreams: [offset, offset + MINUTE] },
    operator: { word: offset },
    uptime: { steadySeconds: HOUR },
  };

  test.each(Object.entries(agreeing))("%s", (evidence, changes) => {
    expect(judge({ offset, ...changes })).toMatchObject({ believed: offset, trust: { doubt: null, evidence } });
  });

  test("is not a database on this machine, whose clock is ours", () => {
    expect(judge({ offset, database: here(offset) }).trust.doubt).toBe("clock_ahead");
  });

  test("is not what some upstreams say where others contradict; then the hour counts", () => {
    const upstreams = [offset, 0];
    expect(judge({ offset, upstreams }).trust).toMatchObject({ doubt: "clock_ahead", contradictedBy: [] });
    expect(judge({ offset, upstreams, steadySeconds: HOUR }).trust.doubt).toBeNull();
  });

  test.each([
    ["process", { process: 0 }],
    ["database", { database: here(0) }],
    ["upstreams", { upstreams: [0, 10] }],
  ])("is no hour against another clock: %s", (witness, changes) => {
    const { trust } = judge({ offset, steadySeconds: 5 * DAY, ...changes });
    expect(trust).toMatchObject({ doubt: "clock_ahead", contradictedBy: [witness], steadyForSeconds: null });
  });

  test.each(["process", "database", "upstreams"] as const)("is an operator's word, also against the %s", (witness) => {
    const against = { process: { process: 0 }, database: { database: elsewhere(0) }, upstreams: { upstreams: [0] } };
    expect(judge({ offset, word: offset, ...against[witness] }).trust).toMatchObject({
      doubt: null,
      evidence: "operator",
    });
  });

  test("is no database that every upstream contradicts", () => {
    const database = elsewhere(offset);
    expect(judge({ offset, database, upstreams: [0] }).trust).toMatchObject({ doubt: "clock_ahead" });
    expect(judge({ offset, database, upstreams: [0], believed: 0 }).trust).toMatchObject({ doubt: "clock_jumped" });
    expect(judge({ offset, database, upstreams: [0, offset] }).trust.doubt).toBeNull();
    // Short of that one wrong upstream holds nothing up.
    expect(judge({ offset: 10 * HOUR, database: elsewhere(10 * HOUR), upstreams: [0] }).trust.doubt).toBeNull();
  });

  test("is no word that was given for another time", () => {
    expect(judge({ offset, word: 0 }).trust.doubt).toBe("clock_ahead");
  });

  test("is nothing before the record was read, but a word", () => {
    const changes = { offset, recorded: undefined, steadySeconds: DAY };
    expect(judge(changes).trust).toMatchObject({ doubt: "clock_unread", allows: { closing: false } });
    expect(judge({ ...changes, word: offset }).trust.doubt).toBeNull();
  });
});

describe("a running process", () => {
  test("follows what goes a little wrong", () => {
    expect(judge({ offset: 4 * MINUTE, believed: 0 })).toMatchObject({ believed: 4 * MINUTE, trust: { doubt: null } });
  });

  test("goes on as before where its clock jumps, and only what destroys waits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 5 * MINUTE + 1, max: 100 * DAY }), fc.boolean(), (by, isBack) => {
        const { believed, trust } = judge({ offset: isBack ? -by : by, believed: 0 });
        expect(believed).toBe(0);
        expect(trust).toMatchObject({ doubt: "clock_jumped", allows: { closing: true, destroying: false } });
      }),
    );
  });

  test("closes nothing where another process relies on another time", () => {
    expect(judge({ believed: 0, process: DAY }).trust).toMatchObject({
      doubt: "clock_contradicted",
      allows: { closing: false, destroying: false },
    });
  });

  test("deletes nothing where the database has another time, and goes on otherwise", () => {
    expect(judge({ believed: 0, steadySeconds: DAY, database: here(HOUR) }).trust).toMatchObject({
      doubt: "clock_contradicted",
      allows: { closing: true, destroying: false },
    });
  });

  test("is not held up by an upstream whose clock is wrong", () => {
    expect(judge({ believed: 0, upstreams: [DAY] }).trust.doubt).toBeNull();
  });

  test("follows at once where another process relies on the time after the jump", () => {
    expect(judge({ offset: DAY, believed: 0, process: DAY })).toMatchObject({
      believed: DAY,
      trust: { evidence: "process" },
    });
  });
});
