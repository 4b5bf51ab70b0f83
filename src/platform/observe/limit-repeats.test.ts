// One outage is said once a minute, and nothing else is lost.

import { expect, test } from "vitest";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { limitRepeats } from "./limit-repeats.ts";
import type { ReportedEvent } from "./report.ts";

test("the same event with the same code passes once a minute, each other one at once", () => {
  const clock = createVirtualClock(1_000);
  const said: ReportedEvent[] = [];
  const report = limitRepeats((event) => void said.push(event), clock);
  const gone = { event: "job.queue-failed", code: "database_unreachable" };
  const odd = { event: "job.queue-failed", code: "unexpected" };

  report(gone);
  report(gone);
  report(odd);
  expect(said).toEqual([gone, odd]);

  clock.set(1_059);
  report(gone);
  expect(said).toHaveLength(2);
  clock.set(1_060);
  report(gone);
  expect(said).toEqual([gone, odd, { ...gone, repeated: 2 }]);
});

test("with some names given, all others pass", () => {
  const said: ReportedEvent[] = [];
  const report = limitRepeats((event) => void said.push(event), createVirtualClock(1_000), new Set(["a.b"]));
  for (const event of ["a.b", "a.b", "a.c", "a.c"]) report({ event });
  expect(said.map(({ event }) => event)).toEqual(["a.b", "a.c", "a.c"]);
});
