// A mirror that has much to take gives up its place after some minutes, and goes on where it stopped.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import { NEVER } from "../../src/platform/jobs/job-by-subject.ts";
import { relyOn } from "../../src/platform/time/clock-trust.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { type MirrorWorld, makeMirrorWorld } from "../support/mirror-world.ts";

describeOnEachDatabase("the turns of a mirror", (open) => {
  let world: MirrorWorld;
  afterEach(() => world.close());

  /** How far it has come after each turn; each look at the clock is two minutes later. */
  async function takeTurns(): Promise<number[]> {
    let now = START;
    const clock = relyOn({ now: () => (now += 2 * MINUTE) });
    const mirror = world.anotherMirror({ clock }).jobs[0]?.bySubject;
    const taken: number[] = [];
    for (let end: unknown = "more"; end === "more"; ) {
      end = await mirror?.runFor("national", START, NEVER);
      expect(await world.lastError()).toBeNull();
      taken.push(((await world.mirrors.list())[0]?.nextPosition ?? 0) - 1);
    }
    return taken;
  }

  test("of its history, and of what is listed later: each takes something, the last one the rest", async () => {
    world = await makeMirrorWorld(open);
    const lines: string[] = [];
    const publish = async (count: number) => {
      for (let at = 0; at < count; at++) {
        const line = `${lines.length}.zip`;
        const end = START - DAY + lines.length * HOUR;
        await world.publish(line, { primaries: makeKeys(lines.length * 10, 2), end });
        lines.push(line);
      }
      world.list(...lines);
    };
    for (const count of [5, 4]) {
      const before = lines.length;
      await publish(count);
      const taken = await takeTurns();
      expect(taken.length).toBeGreaterThan(1);
      expect(taken).toEqual([...new Set(taken)].toSorted((a, b) => a - b));
      expect([(taken[0] ?? 0) > before, taken.at(-1)]).toEqual([true, lines.length]);
      await world.follower.check();
    }
    expect(world.follower.problems).toEqual([]);
    expect(await world.mirrors.totals("national")).toMatchObject({ primaries: 18 });
  });
});
