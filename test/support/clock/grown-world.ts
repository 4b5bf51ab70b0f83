// The grown-up world of a block of tests, as it was for each of them.

import { afterAll, beforeAll } from "vitest";
import { DAY } from "../../../src/core/clock.ts";
import type { OpenDatabase } from "../databases.ts";
import { type ClockWorld, type GrownWorld, growWorld } from "./clock-world.ts";
import { type LastingRows, readLastingRows } from "./lasting-rows.ts";
import { type Course, type Lived, liveWrongly } from "./live-wrongly.ts";

export interface WorldOfBlock {
  /** The world, reset, and what is in it that lasts for a day. */
  readonly begin: () => Promise<{ world: ClockWorld; rows: LastingRows }>;
  /** Lives through the course in it. */
  readonly live: (course: Course) => Promise<Lived>;
}

/** Grown before the first test of the block. */
export function worldOfBlock(open: OpenDatabase): WorldOfBlock {
  let grown: GrownWorld | undefined;
  beforeAll(async () => {
    grown = await growWorld(await open());
  }, 120_000);
  afterAll(() => grown?.drop());

  async function begin() {
    if (grown === undefined) throw new Error("no world has grown up");
    const { world } = grown;
    await grown.reset();
    return { world, rows: await readLastingRows(world.database, world.truth.now() + DAY) };
  }

  return {
    begin,
    async live(course) {
      const { world, rows } = await begin();
      return liveWrongly(world, course, rows);
    },
  };
}

export const UNHARMED: Lived = { losses: [], early: [], refusedWith: [] };
