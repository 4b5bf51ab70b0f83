// Random worlds in which nothing goes wrong raise no alarm of the watch.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { drawPlan } from "../../src/simulation/worlds/draw-plan.ts";
import { liveWorld } from "../../src/simulation/worlds/live-world.ts";
import { openWorldHome } from "../../src/simulation/worlds/world-home.ts";

const WORLDS = 20;
const WATCHING = { "watch-locations": HOUR, "watch-flow": HOUR };

test("good worlds raise no alarm, though every location that publishes is seen", async () => {
  await using home = await openWorldHome(null);
  let archives = 0;
  for (let seed = 1; seed <= WORLDS; seed++) {
    const drawn = drawPlan(seed, { faults: "none", maxDays: 0.5, maxPhones: 2 });
    const plan = { ...drawn, rhythmsSeconds: { ...drawn.rhythmsSeconds, ...WATCHING } };
    const told: (ReportedEvent & { readonly server: string })[] = [];
    await liveWorld(plan, {
      home,
      onEvent: (server, event) => void (/^(watch|job|location)\./.test(event.event) && told.push({ ...event, server })),
    });
    const of = (event: string) => told.filter((one) => one.event === event);
    expect([of("watch.alarm-raised"), of("job.failed")], `seed ${seed}`).toEqual([[], []]);
    const seen = of("watch.look-changed").filter(({ outcome }) => outcome === "seen");
    const published = of("location.archive-appended");
    expect(locationsOf(seen), `seed ${seed}`).toEqual(locationsOf(published));
    archives += published.length;
  }
  expect(archives).toBeGreaterThan(5 * WORLDS);
});

function locationsOf(events: readonly ReportedEvent[]): Set<unknown> {
  return new Set(events.map(({ location }) => location));
}
