// Which subjects of commits are good.

import { expect, test } from "vitest";
import { subjectProblem } from "./judge-subject.ts";

test.each([
  "import: keep a revision whose original is late",
  "clock, import: believe a server's time only with evidence",
  "src/core: name windows by their start",
  `docs: ${"x".repeat(66)}`,
  `Revert "${"x".repeat(80)}"`,
])("%s is good", (subject) => {
  expect(subjectProblem(subject)).toBeNull();
});

test.each([
  ["Fix it", "area"],
  ["Import: keep it", "area"],
  ["import:keep it", "area"],
  ["import: ", "area"],
  ["fixup! import: keep it", "area"],
  [`docs: ${"x".repeat(67)}`, "has 73 characters"],
  [`docs: ${"ü".repeat(67)}`, "has 73 characters"],
])("%s is not", (subject, reason) => {
  expect(subjectProblem(subject)).toContain(reason);
});
