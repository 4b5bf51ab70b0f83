// Values of options: what cannot be meant ends the command before anybody is asked.

import { expect, test } from "vitest";
import { timeoutValue } from "./option-values.ts";

test.each([
  ["1s", 1],
  ["24h", 86_400],
])("%s is time enough for an answer", (text, seconds) => {
  expect(timeoutValue(text)).toBe(seconds);
});

test.each(["0s", "2d", "1ms", "-1s", ""])("%j is none", (text) => {
  expect(() => timeoutValue(text)).toThrow("It is");
});
