// Newcomers with every Node from 20 on, and the npm versions that came with them or that people install.

import { expect, test } from "vitest";
import { canHaveNewcomers, invite } from "../support/newcomer.ts";

const HELP = ["npx", "enks", "--help"] as const;
const CHECK = ["npm", "run", "check", "--", "--no-tests"] as const;
const TEST = ["npm", "test", "--", "src/core/clock.test.ts"] as const;
const DEMO = ["npm", "run", "demo"] as const;

/** Each with its first command, and the one after that. */
const NEWCOMERS = [
  ["20.0.0", "9.6.4", HELP, TEST],
  ["20.20.2", "10.8.2", DEMO, CHECK],
  ["22.21.1", "10.9.4", TEST, HELP],
  ["22.23.5", "11.0.0", CHECK, HELP],
  ["22.23.5", "12.2.2", HELP, TEST],
  ["24.9.0", "11.6.0", TEST, HELP],
  ["24.11.1", "11.6.2", HELP, CHECK],
  ["26.10.0", "11.19.1", TEST, HELP],
] as const;

test.skipIf(!canHaveNewcomers).each(NEWCOMERS)("Node %s with npm %s", async (node, npm, ...commands) => {
  using newcomer = invite({ node, npm });
  for (const [at, [command, ...args]] of commands.entries()) {
    const { status, output } = await newcomer.run(command, ...args);
    expect(status, `${command} ${args.join(" ")}\n${output}`).toBe(0);
    expect(output.includes("Setting up")).toBe(at === 0);
  }
});
