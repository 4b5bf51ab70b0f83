// A follower's memory: nothing twice, nothing left out, and never much larger than the index.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { forgetUnlisted, newLines } from "./remember-lines.ts";

test("what is remembered is not new, wherever the rest stands", () => {
  expect(newLines(["b", "late", "c", "d", "d"], { lines: ["a", "b", "c"] })).toEqual(["late", "d"]);
});

test("an index that lost its lines for a while brings none of them again", () => {
  const memory = forgetUnlisted([], { lines: ["a", "b"] });
  expect(newLines(["a", "b", "c"], memory)).toEqual(["c"]);
});

test("only the oldest of the lines that are gone are forgotten", () => {
  const gone = Array.from({ length: 1_500 }, (_, index) => `gone-${index}`);
  const memory = forgetUnlisted(["listed"], { lines: ["listed", ...gone] });
  expect(memory.lines).toEqual(["listed", ...gone.slice(500)]);
});

test("whatever indexes follow each other, each line is new once", () => {
  const anyIndex = fc.array(fc.nat(50).map(String), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(anyIndex, { maxLength: 20 }), (indexes) => {
      const handedOver: string[] = [];
      let memory = { lines: [] as readonly string[] };
      for (const listed of indexes) {
        const found = newLines(listed, memory);
        handedOver.push(...found);
        memory = { lines: [...forgetUnlisted(listed, memory).lines, ...found] };
      }
      expect(handedOver.toSorted()).toEqual([...new Set(indexes.flat())].toSorted());
    }),
  );
});
