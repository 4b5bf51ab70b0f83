// When token keys are made and destroyed.

import { describe, expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import type { TokenKey } from "./revision-types.ts";
import { planRotation } from "./rotate-token-keys.ts";

const settings = { newKeySeconds: 7 * DAY, oldKeySeconds: 15 * DAY };
const NOW = 100 * DAY;

function tokenKey(id: string, ageDays: number, changes: Partial<TokenKey> = {}): TokenKey {
  const made = { createdAt: NOW - ageDays * DAY, supplierId: null, endsAt: null };
  return { id, wrapped: new Uint8Array(1), authenticated: new Uint8Array(), ...made, ...changes };
}

describe("the rotation of token keys", () => {
  test.each([
    ["there is none", [], true],
    ["the newest is a week old", [tokenKey("a", 7)], true],
    ["the newest is younger", [tokenKey("a", 6.9), tokenKey("b", 20)], false],
    ["only a foreign one is young", [tokenKey("f", 1, { supplierId: 7, endsAt: NOW + DAY })], true],
    ["the young one was destroyed", [tokenKey("a", 1, { wrapped: null })], true],
  ])("a new one is due: %s", (_when, keys, isNewDue) => {
    expect(planRotation(keys, settings, NOW).isNewDue).toBe(isNewDue);
  });

  test("a key goes once its successor is older than every token has to be honoured", () => {
    const keys = [tokenKey("a", 1), tokenKey("b", 14.9), tokenKey("c", 15), tokenKey("d", 22), tokenKey("e", 29)];
    expect(planRotation(keys, settings, NOW).outlived).toEqual(["d", "e"]);
  });

  test("the only key stays, however old", () => {
    expect(planRotation([tokenKey("a", 500)], settings, NOW).outlived).toEqual([]);
  });

  test("a foreign key goes when its time is over", () => {
    const keys = [
      tokenKey("a", 1),
      tokenKey("over", 30, { supplierId: 7, endsAt: NOW }),
      tokenKey("open", 30, { supplierId: 7, endsAt: NOW + 1 }),
    ];
    expect(planRotation(keys, settings, NOW).outlived).toEqual(["over"]);
  });
});
