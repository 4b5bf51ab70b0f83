// What a newcomer's first command does, with a Node and an npm that many have: npm makes no link to the project's Node.

import { expect, test } from "vitest";
import { canHaveNewcomers, invite } from "../support/newcomer.ts";

test.skipIf(!canHaveNewcomers)("the first command sets up what is missing, and the next ones run", async () => {
  using newcomer = invite({ node: "20.20.2", npm: "10.8.2" });
  const first = await newcomer.run("npx", "enks", "--help");
  expect(first, first.output).toMatchObject({ status: 0 });
  expect(first.output).toContain("Setting up");
  expect(first.output).toContain("Usage: enks");
  const second = await newcomer.run("npm", "test", "--", "src/core/clock.test.ts");
  expect(second, second.output).toMatchObject({ status: 0 });
  expect(second.output).not.toContain("Setting up");
  expect(second.output).toMatch(/^\d+ passed, 0 failed, 0 skipped$/m);
});
