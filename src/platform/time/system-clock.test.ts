// The real clock in whole seconds, and waits.

import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock, systemPace } from "./system-clock.ts";

test("the system clock tells whole seconds, between two that the file system notes", () => {
  const folder = mkdtempSync(join(tmpdir(), "enks-clock-"));
  const noted = (name: string) => {
    writeFileSync(join(folder, name), name);
    return Math.floor(statSync(join(folder, name)).mtimeMs / 1_000);
  };
  const [before, now, after] = [noted("before"), systemClock.now(), noted("after")];
  rmSync(folder, { recursive: true });
  expect(Number.isInteger(now)).toBe(true);
  // The file system notes the time of the kernel's last tick.
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(after + 1);
});

test.each([0, 0.4, 1.9, 3.7])("a wait of %d ms takes as long, to half a millisecond", async (milliseconds) => {
  const begunAt = performance.now();
  await systemPace.wait(milliseconds);
  expect(performance.now() - begunAt).toBeGreaterThan(milliseconds - 0.5);
});
