// `enks clock`: what an operator sees and says about a server's clock.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isoTime, MINUTE } from "../../src/core/clock.ts";
import { readClockState } from "../../src/platform/time/clock-queries.ts";
import { RELIED_ON } from "../../src/platform/time/clock-trust.ts";
import { type CliWorld, makeCliWorld } from "../support/cli-world.ts";

describe("enks clock", () => {
  let world: CliWorld;
  const doubt = () =>
    Object.assign(world.clock, {
      trust: () => ({
        ...RELIED_ON,
        doubt: "clock_ahead",
        bySeconds: 30 * 86_400,
        allows: { none: true, closing: false, destroying: false },
        evidence: null,
        steadyForSeconds: 50 * MINUTE,
        since: world.clock.now(),
      }),
    });

  beforeEach(async () => {
    world = await makeCliWorld();
  });
  afterEach(() => world.close());

  test("shows that all is well, or what is wrong, what waits, and how it ends", async () => {
    expect(await world.enks(["clock", "show"])).toMatchObject({ code: 0, out: expect.stringMatching(/relied on by/) });
    doubt();
    const { out } = await world.enks(["clock", "show"]);
    expect(out).toContain("clock in doubt (clock_ahead)");
    expect(out).toContain("30 days ahead of what was expected");
    expect(out).toContain("exports, imports, mirrors and deletions wait");
    expect(out).toContain("by itself in 50 min");
    expect(out).toContain("enks clock confirm");
    const status = await world.enks(["status", "--check"]);
    expect(status.out).toContain("clock in doubt (clock_ahead)");
    expect(status.code).toBe(1);
  });

  test("confirm notes what the clock says and who said that it is right, and ends well once nothing waits", async () => {
    expect(await world.enks(["clock", "confirm"])).toMatchObject({ code: 0 });
    expect(await readClockState(world.server.database.db)).toMatchObject({ confirmedAt: world.clock.now() });
    doubt();
    expect(await world.enks(["clock", "confirm"])).toMatchObject({ code: 1 });
    const { out } = await world.enks(["audit", "--json"]);
    expect(JSON.parse(out)[0]).toMatchObject({
      operation: "confirmClock",
      outcome: "done",
    });
  });

  test("put-back wants a clock that is relied on, and an instant that has been", async () => {
    const since = isoTime(world.clock.now() - MINUTE);
    expect(await world.enks(["clock", "put-back", "--wrong-since", since])).toMatchObject({ code: 0 });
    expect(await world.enks(["clock", "put-back", "--wrong-since", "+1h"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("clock_instant_invalid"),
    });
    doubt();
    expect(await world.enks(["clock", "put-back", "--wrong-since", since])).toMatchObject({
      code: 1,
      err: expect.stringContaining("clock_in_doubt"),
    });
  });
});
