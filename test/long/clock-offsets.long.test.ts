// A server that is started with a clock wrong by any offset from -40 to +40 days, and then with a right one; and the ways in
// which that may come about. Takes minutes: it is no part of the usual suite.

import { describe, expect, test } from "vitest";
import { HOUR, MINUTE } from "../../src/core/clock.ts";
import { wrongBy } from "../support/clock/clock-machine.ts";
import { UNHARMED, worldOfBlock } from "../support/clock/grown-world.ts";
import { type Course, withoutJudgements } from "../support/clock/live-wrongly.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const HOURS = [...Array.from({ length: 81 }, (_, at) => (at - 40) * 24), -12, -2, -1, 1, 2, 12].toSorted(
  (one, other) => one - other,
);
const SOME_HOURS = [-40 * 24, -16 * 24, -2 * 24, -12, -1, 1, 12, 2 * 24, 8 * 24, 16 * 24, 40 * 24];
/** Within a day it is an ordinary night off, beyond which time alone does not prove a clock. */
const isByHours = (hours: number) => Math.abs(hours) <= 25;
const named = (all: readonly number[]) => all.map((hours) => [hours, hours * HOUR] as const);

const confirm: Course["command"] = ({ machine }) => machine.watch.callRight();

describeOnEachDatabase("a start with a wrong clock", (open) => {
  const { live, begin } = worldOfBlock(open);

  test.each(named(HOURS))("by %d hours costs nothing", async (_, offset) => {
    expect(await live({ phases: [{ clock: wrongBy(offset) }] })).toEqual(UNHARMED);
  });

  test.each(named(SOME_HOURS))("by %d hours costs nothing when it is set right while it runs", async (_, offset) => {
    expect(await live({ phases: [{ clock: wrongBy(offset) }], ends: "running" })).toEqual(UNHARMED);
  });

  test.each(named(SOME_HOURS))("by %d hours costs nothing with the operator's word afterwards", async (_, offset) => {
    expect(await live({ phases: [{ clock: wrongBy(offset) }], command: confirm })).toEqual(UNHARMED);
  });

  test.each(named(SOME_HOURS))("by %d hours for seconds costs nothing", async (_, offset) => {
    expect(await live({ phases: [{ clock: wrongBy(offset), seconds: 40 }] })).toEqual(UNHARMED);
  });

  test.each(named(SOME_HOURS))(
    "by %d hours for 70 minutes costs nothing where an upstream tells the time",
    async (_, offset) => {
      const course: Course = {
        phases: [{ clock: wrongBy(offset), seconds: 70 * MINUTE, rounds: 10 }],
        upstreamsTellTime: true,
      };
      expect(await live(course)).toEqual(UNHARMED);
    },
  );

  test.each(named(SOME_HOURS))("by %d hours while it runs costs nothing", async (_, offset) => {
    expect(await live({ phases: [{ clock: wrongBy(offset), begins: "running" }] })).toEqual(UNHARMED);
  });

  async function liveUncontradicted(offset: number): Promise<string[]> {
    return withoutJudgements(await live({ phases: [{ clock: wrongBy(offset), seconds: 70 * MINUTE, rounds: 10 }] }));
  }
  test.each(named(SOME_HOURS))(
    "by %d hours for 70 minutes, which nothing contradicts, may end lines early, and loses nothing that was still to be published",
    async (_, offset) => {
      expect(await liveUncontradicted(offset)).toEqual([]);
    },
  );

  async function liveOnPostgres(course: Course) {
    return (await begin()).world.database.kind === "postgres" ? live(course) : null;
  }

  describe("beside a database on another machine", () => {
    test.each(named(SOME_HOURS))("whose clock is right is refused, %d hours", async (_, offset) => {
      const lived = await liveOnPostgres({ phases: [{ clock: wrongBy(offset), databaseClock: wrongBy(0) }] });
      if (lived !== null) expect(lived).toEqual({ ...UNHARMED, refusedWith: ["clock_differs"] });
    });

    test.each(named(SOME_HOURS.filter(isByHours)))(
      "whose clock is as wrong costs no key, %d hours",
      async (_, offset) => {
        const lived = await liveOnPostgres({ phases: [{ clock: wrongBy(offset), databaseClock: wrongBy(offset) }] });
        if (lived !== null) expect(withoutJudgements(lived)).toEqual([]);
      },
    );
  });
});
