// The time that an answer tells.

import { expect, test } from "vitest";
import { servedAt } from "./served-at.ts";

const DATE = "Sat, 21 Nov 2020 23:06:40 GMT";
const AT = 1_606_000_000;

test.each([
  [{ date: DATE }, AT],
  [{ date: DATE, age: "60" }, AT + 60],
  [{ date: [DATE, "x"] }, AT],
  [{}, null],
  [{ age: "60" }, null],
  [{ date: "yesterday" }, null],
  [{ date: "2020-11-21T23:06:40Z" }, null],
  [{ date: "Sat, 99 Nov 2020 23:06:40 GMT" }, null],
  [{ date: DATE, age: "-60" }, null],
  [{ date: DATE, age: "soon" }, null],
])("%j: %j", (headers, at) => {
  expect(servedAt(headers)).toBe(at);
});
