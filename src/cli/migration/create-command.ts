// `enks migration create`: makes a plan of the bundles of both organisations, so that no URL or key is typed.

import type { Command } from "commander";
import { stringify } from "yaml";
import type { BundledTree, MigrationBundle } from "../../features/migration/bundle-form.ts";
import type { MigrationPlan, PlannedTree } from "../../features/migration/plan-form.ts";
import { jsonText } from "../output/plain-text.ts";
import { namesValue } from "../parse/option-values.ts";
import { readText } from "../read-text.ts";
import { addJsonOption, endWithCode } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { writeNewOutput } from "../write-output.ts";
import { readBundle, treeIn } from "./read-bundle.ts";
import { readPlan } from "./read-plan.ts";

interface CreateFlags {
  readonly state: string;
  readonly stateKey: string;
  readonly nation: string;
  readonly nationKey: string;
  readonly client: string;
  readonly second?: string;
  readonly exports: readonly string[];
  readonly regions?: readonly string[];
  readonly out: string;
  readonly json?: true;
}

export function addCreateCommand(migration: Command, { terminal }: Pick<Surroundings, "terminal">): void {
  const creating = migration
    .command("create")
    .description("write a plan from the bundles of a state and a nation")
    .argument("<name>", "name of the migration: lower-case letters, digits and hyphens")
    .requiredOption("--state <bundle>", "bundle of the state")
    .requiredOption("--state-key <file>", "public key that signed it")
    .requiredOption("--nation <bundle>", "bundle of the nation")
    .requiredOption("--nation-key <file>", "public key that signed it")
    .requiredOption("--client <tree>", "tree of the state that its app knows today")
    .option("--second <tree>", "tree of the state that the nation imports, if it is another one")
    .requiredOption("--exports <trees>", "trees of the nation that carry the state's keys, such as us,all", namesValue)
    .option("--regions <regions>", "regions that move (those of the client tree)", namesValue)
    .requiredOption("-o, --out <plan>", "new file for the plan");
  addJsonOption(creating).action((name: string, flags: CreateFlags) =>
    endWithCode(async () => {
      const state = await readBundle(flags.state, await readText(flags.stateKey));
      const nation = await readBundle(flags.nation, await readText(flags.nationKey));
      const plan = planOf(name, flags, state, nation);
      const text = HEAD + stringify(plan, { lineWidth: 0 });
      // As every command reads it, so that no plan is written that none takes.
      readPlan(text, flags.out);
      await writeNewOutput(flags.out, text);
      const next = [`enks migration check -f ${flags.out}`, `enks migration verify -f ${flags.out}`];
      terminal.write(
        flags.json ? jsonText({ file: flags.out, nextSteps: next }) : `${flags.out} is written. Next:\n${lines(next)}`,
      );
    }),
  );
}

const HEAD = "# A migration plan. Both organisations keep the same copy; it holds no secrets. docs/migrate/verify.md\n";

function lines(commands: readonly string[]): string {
  return commands.map((command) => `  ${command}\n`).join("");
}

/** Throws `bundle_tree_unknown`. */
function planOf(name: string, flags: CreateFlags, state: MigrationBundle, nation: MigrationBundle): MigrationPlan {
  const client = treeIn(state, flags.client);
  const second = flags.second === undefined ? {} : { second: planned(treeIn(state, flags.second), "state") };
  return {
    plan: 1,
    name,
    regions: [...(flags.regions ?? client.regions)],
    method: "reseal",
    end: "read-only",
    state: {
      ...organisationOf(state),
      software: state.software.startsWith("enks ") ? "enks" : "other",
      client: planned(client, "state"),
      ...second,
    },
    nation: {
      ...organisationOf(nation),
      exports: flags.exports.map((tree) => planned(treeIn(nation, tree), "nation")),
    },
  };
}

function organisationOf({ organisation, contact }: MigrationBundle) {
  return { organisation, ...(contact === undefined ? {} : { contact }) };
}

/** Both sides may have a tree of one name; in a plan each has its own. */
function planned({ name, indexUrl, baseUrl, publicKeys }: BundledTree, side: "state" | "nation"): PlannedTree {
  return { name: `${side}-${name}`, indexUrl, baseUrl, publicKeys };
}
