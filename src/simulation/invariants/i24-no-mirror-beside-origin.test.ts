// No mirror beside its origin (DB I24).

import { expect, test } from "vitest";
import { noMirrorBesideOrigin } from "./i24-no-mirror-beside-origin.ts";
import { hour, makeObserved, makePhone, makeTree, placeOf } from "./testing/make-observed.ts";

const TREES = [
  makeTree({ mirrors: ["national"] }),
  makeTree({ name: "national", role: "national" }),
  makeTree({ name: "neighbour", role: "national", mirrors: ["national"] }),
  makeTree({ name: "stranger", role: "national" }),
];

function judge(roaming: readonly string[], changes: Parameters<typeof makeObserved>[0] = {}, until?: number) {
  const home = { from: hour(0), ...placeOf("client"), roaming: [] };
  const abroad = { from: hour(5), ...placeOf("client"), roaming: roaming.map(placeOf) };
  const back = until === undefined ? [] : [{ ...home, from: until }];
  const phones = [makePhone({ follows: [home, abroad, ...back] })];
  return noMirrorBesideOrigin.check(makeObserved({ trees: TREES, phones, ...changes }));
}

test("a tree of its own and a stranger's are good together", () => {
  expect(judge(["stranger"])).toBeNull();
});

test("a mirror and its origin are found from when both are read", () => {
  expect(judge(["national"])).toMatchObject({ at: hour(5), where: "phone" });
});

test("two mirrors of one origin, and one tree twice, are found", () => {
  expect(judge(["neighbour"])).toMatchObject({ at: hour(5) });
  expect(judge(["client"])).toMatchObject({ at: hour(5) });
});

test("a mirror is one from its content switch on", () => {
  const events = [{ at: hour(9), kind: "content-switched" as const, tree: "client", source: "national" }];
  expect(judge(["national"], { events })).toMatchObject({ at: hour(9) });
  expect(judge(["national"], { events }, hour(8))).toBeNull();
});
