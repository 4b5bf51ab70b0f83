// Clocks that are wrong in other ways than by one offset: too fast, between two times, further back at every start, of two
// processes, and of a server that has never had a right one.

import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import { RIGHT, type WrongClock, wrongBy } from "../support/clock/clock-machine.ts";
import { makeReport } from "../support/clock/clock-people.ts";
import { BEGINNING, GROWN_UP, listKeys, look, openWorld, setUp, upload } from "../support/clock/clock-world.ts";
import { UNHARMED, worldOfBlock } from "../support/clock/grown-world.ts";
import { judge, type Lived, liveOn, type Phase, withoutJudgements } from "../support/clock/live-wrongly.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

/** It gains six minutes in an hour. */
const fast: WrongClock = (truth) => GROWN_UP + Math.floor((truth - GROWN_UP) * 1.1);
const alternating =
  (bySeconds: number, everySeconds: number): WrongClock =>
  (truth) =>
    truth + (Math.floor(truth / everySeconds) % 2) * bySeconds;

describeOnEachDatabase("a clock", (open) => {
  const { begin, live } = worldOfBlock(open);

  /** What the clocks cost beyond what is due in that time by a right one. */
  async function costOf(phases: readonly Phase[]): Promise<Lived> {
    const rightly = await live({ phases: phases.map((phase) => ({ ...phase, clock: RIGHT })) });
    expect(rightly.losses).toEqual([]);
    const wrongly = await live({ phases });
    return { ...wrongly, early: wrongly.early.filter((one) => !rightly.early.includes(one)) };
  }

  test("that runs a tenth too fast for two days costs no key", async () => {
    expect(withoutJudgements(await costOf([{ clock: fast, seconds: 2 * DAY, rounds: 24 }]))).toEqual([]);
  });

  test.each([
    [10 * MINUTE, 7 * MINUTE],
    [2 * HOUR, 20 * MINUTE],
    [30 * DAY, 20 * MINUTE],
  ])("that alternates between two times %d seconds apart, every %d seconds, costs nothing", async (by, every) => {
    const clock = alternating(by, every);
    expect(await costOf([{ clock, seconds: 12 * HOUR, rounds: 30 }])).toEqual(UNHARMED);
  });

  test("that stays at each of two times for so long that it is believed costs no key", async () => {
    const clock = alternating(2 * HOUR, 3 * HOUR);
    expect(withoutJudgements(await costOf([{ clock, seconds: 12 * HOUR, rounds: 30 }]))).toEqual([]);
  });

  test.each([-3 * HOUR, 3 * HOUR])("that is %d seconds further off at every start costs nothing", async (by) => {
    const phases = Array.from({ length: 6 }, (_, at): Phase => ({ clock: wrongBy(by * (at + 1)), rounds: 2 }));
    expect(await costOf(phases)).toEqual(UNHARMED);
  });

  test("that is 24 hours further ahead at every start, for longer than it takes to be believed, costs no key", async () => {
    const days = [1, 2, 3, 4];
    const phases = days.map((at): Phase => ({ clock: wrongBy(DAY * at), seconds: 70 * MINUTE, rounds: 3 }));
    expect(withoutJudgements(await costOf(phases))).toEqual([]);
  });

  // The database's clock is that of the one or of the other, or of neither.
  test.each([
    ["right", 2 * HOUR],
    ["wrong", 2 * HOUR],
    ["right", 30 * DAY],
    ["wrong", 30 * DAY],
  ] as const)(
    "of a second process, beside a database that is %s, wrong by %d seconds, costs nothing",
    async (whose, by) => {
      const { world } = await begin();
      const { machine, truth } = world;
      const databaseTells = whose === "right" ? RIGHT : wrongBy(by);
      const other = machine.another({ tells: wrongBy(by), databaseTells: whose === "wrong" ? null : RIGHT });
      machine.databaseTells = world.database.kind === "embedded" || whose === "right" ? null : databaseTells;
      const starts = [await machine.tryToStart(), await other.tryToStart()];
      expect(starts.filter((code) => code !== null && code !== "clock_differs")).toEqual([]);
      const early: string[] = [];
      for (let round = 0; round < 20; round++) {
        truth.advance(5 * MINUTE);
        for (const one of [other, machine]) if (one.isRunning) await one.runJobs();
        if (machine.isRunning) await upload(world, makeReport(`round ${round}`, truth, { way: "certified for a day" }));
        if (round === 2) await listKeys(world);
        await look(world);
      }
      other.stop();
      machine.stop();
      machine.databaseTells = null;
      expect(await machine.tryToStart()).toBeNull();
      const losses: string[] = [];
      await liveOn(world, { losses, early });
      losses.push(...judge(world));
      // Where the database is wrong too, the one that is right does not start, and alone the other is believed in time.
      expect({ losses, early: starts[0] === null ? early : [] }).toEqual({ losses: [], early: [] });
    },
  );
});

describeOnEachDatabase("a first start", (open) => {
  test.each([
    ["forty days ahead", wrongBy(40 * DAY)],
    ["forty days behind", wrongBy(-40 * DAY)],
    ["two hours ahead", wrongBy(2 * HOUR)],
    ["in 1970", (truth: number) => truth - BEGINNING + 60],
    ["in 2000", (truth: number) => truth - BEGINNING + Date.UTC(2000, 0, 1) / 1_000],
    ["in 2038", (truth: number) => truth - BEGINNING + 2 ** 31 - 600],
  ] as const)("%s costs nothing that is acknowledged", async (_, clock) => {
    const world = openWorld(await open());
    const { machine, truth } = world;
    const isAhead = clock(truth.now()) > truth.now();
    machine.tells = clock;
    expect(await machine.tryToStart()).toBeNull();
    await setUp(world, machine.clock.now());
    for (let round = 0; round < 4; round++) {
      truth.advance(10 * MINUTE);
      await upload(world, makeReport(`wrong ${round}`, truth, { way: "by the open app" }));
      if (round === 1) await listKeys(world);
      await machine.runJobs();
      await look(world);
    }
    machine.stop();
    machine.tells = RIGHT;
    truth.advance(MINUTE);
    expect(await machine.tryToStart()).toBeNull();
    const [losses, early]: [string[], string[]] = [[], []];
    await liveOn(world, { losses, early });
    losses.push(...judge(world));
    expect(withoutJudgements({ losses })).toEqual([]);
    // What a clock behind has listed leaves with the line before it, and the first of all at once.
    if (isAhead) expect(early).toEqual([]);
  });
});
