// Buckets of requests: who may come how often, and how little is remembered of whom.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRateLimiter, MAX_CLIENTS } from "./limit-rate.ts";

const MINUTE = 60_000;

/** How many of `count` requests at this instant are let through. */
function admitted(limiter: ReturnType<typeof createRateLimiter>, address: string, at: number, count: number): number {
  return Array.from({ length: count }, () => limiter.admits(address, at)).filter(Boolean).length;
}

describe("a client", () => {
  test("may come with a minute's requests at once, and then as they grow back", () => {
    const limiter = createRateLimiter(60);
    expect(admitted(limiter, "192.0.2.1", 0, 100)).toBe(60);
    expect(admitted(limiter, "192.0.2.1", 999, 10)).toBe(0);
    expect(admitted(limiter, "192.0.2.1", 3_000, 10)).toBe(3);
    expect(admitted(limiter, "192.0.2.1", 10 * MINUTE, 100)).toBe(60);
  });

  test("takes nothing from another", () => {
    const limiter = createRateLimiter(5);
    expect(admitted(limiter, "192.0.2.1", 0, 100)).toBe(5);
    expect(admitted(limiter, "192.0.2.2", 0, 100)).toBe(5);
  });

  test("may come as often as it likes where there is no limit", () => {
    expect(admitted(createRateLimiter(0), "192.0.2.1", 0, 10_000)).toBe(10_000);
  });

  test("never gets more than its bucket and what grows, whenever it comes", () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 100 }), (waits, perMinute) => {
        const limiter = createRateLimiter(perMinute);
        let [at, count] = [0, 0];
        for (const pause of waits) {
          at += pause;
          if (limiter.admits("192.0.2.1", at)) count++;
        }
        expect(count).toBeLessThanOrEqual(perMinute + (at / MINUTE) * perMinute + 1e-6);
      }),
    );
  });
});

describe("an IPv6 client", () => {
  test.each([
    ["2001:db8:0:1::1", "2001:db8:0:1::2"],
    ["2001:db8:0:1::", "2001:db8::1:ffff:ffff:ffff:ffff"],
    ["2001:db8:0:1:2:3:4:5", "2001:db8:0:1::5"],
    ["::1", "::2"],
  ])("is its network: %s and %s are one", (one, other) => {
    const limiter = createRateLimiter(1);
    expect(limiter.admits(one, 0)).toBe(true);
    expect(limiter.admits(other, 0)).toBe(false);
  });

  test.each([
    ["2001:db8:0:1::1", "2001:db8:0:2::1"],
    ["2001:db8::1", "2001:db9::1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2"],
  ])("is its network: %s and %s are two", (one, other) => {
    const limiter = createRateLimiter(1);
    expect(limiter.admits(one, 0)).toBe(true);
    expect(limiter.admits(other, 0)).toBe(true);
  });
});

test("a flood of addresses pushes out who was away longest, and nobody else", () => {
  const limiter = createRateLimiter(1);
  expect(limiter.admits("192.0.2.1", 0)).toBe(true);
  for (let client = 1; client < MAX_CLIENTS; client++) limiter.admits(`client ${client}`, 0);
  expect(limiter.admits("192.0.2.1", 0)).toBe(false);
  limiter.admits("one more", 0);
  expect(limiter.admits("client 2", 0)).toBe(false);
  expect(limiter.admits("client 1", 0)).toBe(true);
});
