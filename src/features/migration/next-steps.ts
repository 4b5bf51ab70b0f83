// What is to be done next in a migration, by whom, and with which commands; pure.

import { shellWord } from "../../core/shell-word.ts";
import { followSteps } from "./follow-steps.ts";
import type { Migration, MigrationState, NextStep } from "./migration-types.ts";
import type { MigrationPlan, PlannedTree } from "./plan-form.ts";

/** In order; empty at an end. */
export function nextSteps({
  name,
  role,
  plan,
  state,
}: Pick<Migration, "name" | "role" | "plan" | "state">): NextStep[] {
  const proof = {
    who: role,
    says: "Prove it: check the trees and compare all keys.",
    command: `enks migration prove ${name} --sign-with KEY`,
  };
  const advance = {
    who: role,
    says: "Record that the next state is reached.",
    command: `enks migration advance ${name}`,
  };
  if (state === "read-only" || state === "cancelled") return [];
  return [...STEPS[state](plan, name), proof, advance];
}

type Steps = (plan: MigrationPlan, name: string) => NextStep[];

const STEPS: Readonly<Record<Exclude<MigrationState, "read-only" | "cancelled">, Steps>> = {
  planned: (plan) => secondTree(plan),
  importing: (plan, name) => importTrees(plan, name),
  covered: (plan, name) => takeOver(plan, name),
  switched: () => [
    { who: "state", says: "Keep the state's own export running: it delays nothing.", command: null },
    { who: "nation", says: "Keep the import running: in a read-only end it runs for ever.", command: null },
  ],
};

/** How a state gets the tree that the nation imports, in the words of its software. */
function secondTree({ state, regions }: MigrationPlan): NextStep[] {
  const { software = "other", second, client } = state;
  if (second !== undefined && software === "enks") {
    const location = locationOf(second);
    return [
      {
        who: "state",
        says: "Export to a second location too, with the last 14 days.",
        command: `enks export create ${location} --location ${location} --region ${shellWord(regions[0] ?? "")} --backfill 14d`,
      },
    ];
  }
  if (software === "google") {
    return [
      {
        who: "state",
        says: "Add an export configuration with a file name root of its own, signed by a key of its own. That server cannot back-fill: let the nation import the client location too, for 14 days.",
        command: null,
      },
    ];
  }
  const from = second ?? client;
  return [{ who: "state", says: `Keep ${from.indexUrl} up to date: the nation imports it.`, command: null }];
}

/** Both listings are of one supplier, so that a revision counts whichever brings it. */
function importTrees({ state, regions }: MigrationPlan, name: string): NextStep[] {
  const trees = state.second === undefined ? [state.client] : [state.second, state.client];
  return trees.flatMap((tree) =>
    followSteps(name, tree, {
      who: "nation",
      kind: "source",
      says: `Import ${tree.indexUrl}.`,
      options: { "--region": regions[0] ?? "", "--supplier": name },
    }),
  );
}

function takeOver({ state, nation, regions }: MigrationPlan, name: string): NextStep[] {
  const location = locationOf(state.client);
  const mirrors = nation.exports.flatMap((tree) =>
    followSteps(name, tree, {
      who: "state",
      kind: "mirror",
      says: "Mirror the nation behind the state's own lines, under the key that phones trust.",
      options: { "--location": location, "--region": regions[0] ?? "", "--method": "reseal" },
    }),
  );
  return [...(state.software === "enks" ? [] : takeTree(state.client.indexUrl, location)), ...mirrors];
}

/** A tree that another program writes; enks at the state writes its own already. */
function takeTree(indexUrl: string, location: string): NextStep[] {
  return [
    {
      who: "state",
      says: "End every other program that writes the client location, once its last archive is listed.",
      command: null,
    },
    {
      who: "state",
      says: `Make the location "${location}" over that tree, under the key that phones trust: \`enks location create --adopt-from ${indexUrl}\`, with its signing key.`,
      command: null,
    },
    {
      who: "state",
      says: "Take the tree over: every listed archive is verified first.",
      command: `enks location adopt ${location}`,
    },
  ];
}

/** In plans that are made of bundles a tree is named after the location, behind its side. */
function locationOf({ name }: PlannedTree): string {
  return name.replace(/^state-/, "");
}
