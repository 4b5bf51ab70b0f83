// Every command that a migration names as a next step is one of this program, with options that it has.

import type { Command } from "commander";
import { expect, test } from "vitest";
import { MIGRATION_ROLES } from "../../features/migration/migration-types.ts";
import { nextSteps } from "../../features/migration/next-steps.ts";
import type { MigrationPlan, PlannedTree } from "../../features/migration/plan-form.ts";
import { nodeSurroundings } from "../node-surroundings.ts";
import { createProgram } from "../program.ts";

const program = await createProgram(nodeSurroundings(), ["migration"]);

const treeOf = (name: string): PlannedTree => ({
  name,
  indexUrl: `https://${name}.example/index.txt`,
  baseUrl: `https://${name}.example`,
  publicKeys: ["v1", "v2"].map((keyVersion) => ({ keyId: "310", keyVersion, publicKeyPem: "" })),
  otherEntries: ["a.txt", "b.txt"],
  batchParts: true,
});

function planFor(software: "enks" | "google" | "other"): MigrationPlan {
  return {
    plan: 1,
    name: "oregon",
    regions: ["US-OR"],
    state: { organisation: "Oregon", software, client: treeOf("state-oregon"), second: treeOf("state-second") },
    nation: { organisation: "Nation", exports: [treeOf("nation-us")] },
  };
}

/** What the program does not know of a command line; arguments that it needs are counted. */
function unknownIn(line: string): string[] {
  const [, ...words] = line.split(" ");
  let command: Command = program;
  while (words[0] !== undefined) {
    const next = command.commands.find((one) => one.name() === words[0]);
    if (next === undefined) break;
    command = next;
    words.shift();
  }
  const options = words.filter((word) => word.startsWith("--"));
  const needed = command.registeredArguments.filter(({ required }) => required).length;
  const given = words.findIndex((word) => word.startsWith("--"));
  return [
    ...(command.commands.length > 0 ? [`${line} names no command`] : []),
    ...options.filter((option) => !command.options.some(({ long }) => long === option)),
    ...((given === -1 ? words.length : given) === needed ? [] : [`${line} has not ${needed} arguments`]),
    ...command.options.filter(({ mandatory, long }) => mandatory && !options.includes(long ?? "")).map(String),
  ];
}

function commandsIn(software: "enks" | "google" | "other"): string[] {
  const states = ["planned", "importing", "covered", "switched"] as const;
  return states.flatMap((state) =>
    MIGRATION_ROLES.flatMap((role) =>
      nextSteps({ name: "oregon", role, plan: planFor(software), state }).flatMap(({ command }) => command ?? []),
    ),
  );
}

test("both listings of a state are of one supplier, with every key trusted and the profile of the plan", () => {
  const commands = commandsIn("google");
  const added = commands.filter((command) => command.startsWith("enks source add"));
  expect(new Set(added)).toHaveLength(2);
  for (const command of added) {
    expect(command).toContain("--supplier oregon");
    expect(command).toContain("--other-entries a.txt,b.txt --batch-parts");
    expect(command).toContain("--key-version v2");
  }
  for (const kind of ["source trust state-oregon", "source trust state-second", "mirror trust nation-us"]) {
    const trusting = commands.find((command) => command.startsWith(`enks ${kind}`));
    expect(trusting).toContain("--key-version v1");
  }
});

test.each(["enks", "google", "other"] as const)("for a state that runs %s", (software) => {
  const commands = commandsIn(software);
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.flatMap(unknownIn)).toEqual([]);
});

test("a command that the program does not have is found", () => {
  expect(unknownIn("enks source ad state")).not.toEqual([]);
  expect(unknownIn("enks source add state --no-such")).toContain("--no-such");
  expect(unknownIn("enks location adopt")).not.toEqual([]);
});
