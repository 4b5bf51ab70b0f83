// Seals that are added: behind the one in force, whatever is planned for later.

import { expect, test } from "vitest";
import { DAY, isoTime } from "../../core/clock.ts";
import { planParts } from "./plan-parts.ts";
import { KINDS } from "./tree-kinds.ts";

const NOW = 20_000 * DAY;
const seals = KINDS.locations.parts;

function sealFrom(from: number, keyVersion: string) {
  return { signingKey: "ours", keyId: "262", keyVersion, from: isoTime(from) };
}

test("a seal that is still to come does not keep another from beginning before it", () => {
  if (seals === undefined) throw new Error("locations have seals");
  const current = [sealFrom(0, "v1"), sealFrom(NOW + 36_500 * DAY, "v2")].map((values) => ({ id: null, values }));
  const plan = (from: number) => planParts(seals, "/seals", [sealFrom(from, "v3")], current, NOW);
  expect(plan(NOW)).toMatchObject({ reasons: [], requests: [{ method: "POST", path: "/seals" }] });
  expect(plan(0).reasons).toHaveLength(1);
});
