// Patterns of schemas in words.

import { expect, test } from "vitest";
import { describePattern } from "./describe-pattern.ts";

test.each([
  [
    "^[a-z0-9][a-z0-9-]{0,62}$",
    "must be of lower-case letters, digits and dashes, the first one of lower-case letters and digits, at most 63 characters",
  ],
  [
    "^[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$",
    "must be of letters, digits, underscores, dots and dashes, the first one of letters and digits, at most 30 characters",
  ],
  ["^[A-Za-z0-9-]{1,5}$", "must be of letters, digits and dashes, at most 5 characters"],
  [
    "^[A-Za-z0-9][A-Za-z0-9._-]*$",
    "must be of letters, digits, dots, underscores and dashes, the first one of letters and digits",
  ],
  ["^[A-Za-z0-9+/]+=*$", null],
  ["^[^\\u0000-\\u001f]*$", null],
  ["^[1-9]\\d{0,14}$", null],
])("%s", (pattern, words) => {
  expect(describePattern(pattern)).toBe(words);
});
