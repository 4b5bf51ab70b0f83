// `enks apply` and `enks export-config`: everything that matters of a server as a file.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import { jsonText } from "../output/plain-text.ts";
import { type Call, onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Plan } from "../tree/plan-types.ts";
import type { TreeErrorCode } from "../tree/read-tree.ts";
import { writeOutput } from "../write-output.ts";

const LARGEST_TREE = 4 * 1024 * 1024;

interface ApplyFlags {
  readonly file: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly principals?: true;
}

export function addApplyCommands(program: Command, surroundings: Surroundings): void {
  const apply = program
    .command("apply")
    .description("make and change what a file asks for, after showing it; nothing is ever deleted")
    .requiredOption("-f, --file <file>", "YAML or JSON; - reads standard input")
    .option("--dry-run", "only show what would be done")
    .option("-y, --yes", "do it without asking")
    .option("--principals", "make the principals that are missing, too, and show their tokens, this once");
  onServer(apply, surroundings, applyTree);

  const write = program
    .command("export-config")
    .description("write what a server has as a file that `apply` takes")
    .option("-o, --output <file>", "instead of standard output");
  onServer(write, surroundings, async (call, { output }: { output?: string }) => {
    const { readServer, writeTree } = await loadTree();
    const text = writeTree(await readServer(call.client, null));
    if (output === undefined) surroundings.terminal.writeDocument(text);
    else await writeOutput(output, text);
  });
}

async function applyTree(call: Call, flags: ApplyFlags): Promise<number> {
  const { readServer, readTree, readText, planTree, renderPlan, carryOutPlan } = await loadTree();
  const wanted = readTree(await readText(flags.file, LARGEST_TREE), flags.file);
  const current = await readServer(call.client, wanted);
  const plan = withoutPrincipals(planTree(wanted, current, call.now), flags.principals === true);
  const isDue = plan.items.some(({ outcome }) => outcome === "create" || outcome === "change");
  const isPossible = plan.items.every(({ outcome }) => outcome !== "impossible");

  if (!call.asJson) call.print(renderPlan(plan));
  else if (flags.dryRun) call.print(jsonText(plan));
  if (!isPossible) throw impossible(plan);
  if (!isDue && !call.asJson) call.print("nothing to do\n");
  if (!isDue || flags.dryRun) return 0;
  if (!flags.yes && !(await isConfirmed(call))) return REFUSED;

  const { done, tokens } = await carryOutPlan(call.client, plan, ({ resource, outcome }) => {
    if (!call.asJson) call.print(`${outcome === "create" ? "made" : "changed"}: ${resource}\n`);
  });
  if (call.asJson) call.print(jsonText({ done, tokens }));
  else for (const { name, token } of tokens) call.print(`\n  ${name}: ${token}\n  This token is not shown again.\n`);
  return 0;
}

/** What a tree needs is loaded when one is read: most commands have none. */
async function loadTree() {
  const loaded = await Promise.all([
    import("../tree/read-server.ts"),
    import("../tree/read-tree.ts"),
    import("../tree/write-tree.ts"),
    import("../tree/plan-tree.ts"),
    import("../tree/render-plan.ts"),
    import("../tree/carry-out-plan.ts"),
    import("../read-text.ts"),
  ]);
  const [{ readServer }, { readTree }, { writeTree }, { planTree }, { renderPlan }, { carryOutPlan }, { readText }] =
    loaded;
  return { readServer, readTree, writeTree, planTree, renderPlan, carryOutPlan, readText };
}

/** Principals bring tokens into the world, so they are only made when somebody says so. */
function withoutPrincipals(plan: Plan, areWanted: boolean): Plan {
  if (areWanted) return plan;
  const missing = plan.items.filter(({ section, outcome }) => section === "principals" && outcome === "create");
  return {
    items: plan.items.filter(({ section }) => section !== "principals"),
    leftAlone: plan.leftAlone.filter((resource) => !resource.startsWith("principal ")),
    notMade: missing.map(({ resource }) => resource),
  };
}

async function isConfirmed({ surroundings: { terminal }, print }: Call): Promise<boolean> {
  const answer = await terminal.ask("Do this? [y/N] ");
  if (answer === null) {
    throw new CodedError<TreeErrorCode>("confirmation_missing", "nobody is there to say yes", {
      remedy: "Say --yes, or --dry-run to only look.",
    });
  }
  if (/^y(es)?$/i.test(answer.trim())) return true;
  print("nothing was done\n");
  return false;
}

function impossible({ items }: Plan): CodedError {
  const named = items.filter(({ outcome }) => outcome === "impossible").map(({ resource }) => resource);
  return new CodedError<TreeErrorCode>("tree_impossible", `this cannot be done: ${named.join(", ")}`, {
    remedy: "Nothing was done. Take it out of the file, or end the resource and make another one under a new name.",
  });
}
