// Made-up keys travel (O10).

import { expect, test } from "vitest";
import { paddingTravels } from "./o10-padding-travels.ts";
import { archiveOf, hour, keyHexOf, makeObserved, makeTree, publishedAt, recordOf } from "./testing/make-observed.ts";

const records = (count: number) => Array.from({ length: count }, (_, n) => recordOf(`padding ${n}`));

function judge(own: number, travelled: number, endsAt = hour(24)) {
  const client = makeTree({ archives: [archiveOf(0, { content: { primaries: records(own) } })] });
  const second = makeTree({
    name: "second",
    role: "second",
    archives: [archiveOf(0, { content: { primaries: [...records(travelled), recordOf("another")] } })],
  });
  return paddingTravels.check(makeObserved({ trees: [client, second], endsAt }));
}

test("padding of which most has travelled is good", () => {
  expect(judge(40, 40)).toBeNull();
  expect(judge(40, 20)).toBeNull();
});

test("padding that stays at home is found when it is due", () => {
  const found = { at: publishedAt(0) + 7 * 3_600, where: "client", witness: keyHexOf("padding 8") };
  expect(judge(40, 8)).toMatchObject(found);
});

test("a few keys, and keys that are under way, say nothing", () => {
  expect(judge(19, 0)).toBeNull();
  expect(judge(40, 8, hour(12))).toBeNull();
});
