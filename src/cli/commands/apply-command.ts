// `enks apply` and `enks export-config`: everything that matters of a server as a file.

import type { Command } from "commander";
import { CodedError } from "../../core/coded-error.ts";
import type { Call } from "../call.ts";
import { describeServer } from "../client/choose-server.ts";
import { confirm } from "../output/confirm.ts";
import { jsonText } from "../output/plain-text.ts";
import { onServer, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import type { Carried } from "../tree/carry-out-plan.ts";
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
    .description("show what a file would make and change on the server, ask, and do it; nothing is ever deleted")
    .requiredOption(
      "-f, --file <file>",
      "file in YAML or JSON, as docs/operate/configuration-tree.md has it; - reads standard input",
    )
    .option("--dry-run", "only show what would be done")
    .option("-y, --yes", "do it without asking")
    .option("--principals", "also make the principals that are missing, and print their tokens, this once");
  onServer(apply, surroundings, applyTree);

  const write = program
    .command("export-config")
    .description("write the configuration of the server as a file that `enks apply` takes")
    .option("-o, --output <file>", "write it to this file instead of standard output");
  onServer(write, surroundings, async (call, { output }: { output?: string }) => {
    const { readServer, writeTree } = await loadTree();
    const tree = await readServer(call.client, null);
    const text = writeTree(tree, call.asJson ? "json" : "yaml");
    if (output === undefined) return surroundings.terminal.writeDocument(text);
    await writeOutput(output, text);
    if (call.asJson) call.print(jsonText({ file: output }));
  });
}

async function applyTree(call: Call, flags: ApplyFlags): Promise<number> {
  const isDry = flags.dryRun === true;
  if (!isDry) call.requireChosen();
  const tree = await loadTree();
  const text = await tree.readText(flags.file, LARGEST_TREE);
  const wanted = tree.readTree(text, flags.file);
  const current = await tree.readServer(call.client, wanted);
  const plan = withoutPrincipals(tree.planTree(wanted, current, call.now()), flags.principals === true);
  const isDue = plan.items.some(({ outcome }) => outcome === "create" || outcome === "change");
  const isPossible = plan.items.every(({ outcome }) => outcome !== "impossible");

  if (!call.asJson) call.print(tree.renderPlan(plan));
  else if (isDry) call.print(jsonText(plan));
  if (!isPossible) throw impossible(plan);
  if (!isDue && !call.asJson) call.print("nothing to do\n");
  if (isDry) return 0;
  const isMeant = !isDue || flags.yes === true || (await isConfirmed(call));
  const { lineOf } = tree.parseTree(text);
  const carried: Carried = isMeant
    ? await tree.carryOutPlan(call.client, plan, {
        onDone: ({ resource, outcome }) => {
          if (!call.asJson) call.print(`${outcome === "create" ? "made" : "changed"}: ${resource}\n`);
        },
        tell: (error, item, request) => tree.inWordsOfTree(error, item, request, { wanted, file: flags.file, lineOf }),
      })
    : { done: [], tokens: [] };
  call.show(carried, ({ tokens }) => tokens.map(renderToken).join(""));
  return isMeant ? 0 : REFUSED;
}

/** The token on a line of its own, to be copied from there. */
function renderToken({ name, token }: Carried["tokens"][number]): string {
  return `\nToken of ${name}, which is not shown again:\n${token}\n`;
}

/** What a tree needs is loaded when one is read: most commands have none. */
async function loadTree() {
  const [server, reading, places, writing, planning, rendering, carrying, refusals, texts] = await Promise.all([
    import("../tree/read-server.ts"),
    import("../tree/read-tree.ts"),
    import("../tree/tree-places.ts"),
    import("../tree/write-tree.ts"),
    import("../tree/plan-tree.ts"),
    import("../tree/render-plan.ts"),
    import("../tree/carry-out-plan.ts"),
    import("../tree/tell-tree-refusal.ts"),
    import("../read-text.ts"),
  ]);
  return {
    ...server,
    ...reading,
    ...places,
    ...writing,
    ...planning,
    ...rendering,
    ...carrying,
    ...refusals,
    ...texts,
  };
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

async function isConfirmed({ surroundings: { terminal }, target, asJson, print }: Call): Promise<boolean> {
  const answer = await confirm(terminal, `Do this at ${describeServer(target)}?`);
  if (answer === null) {
    throw new CodedError<TreeErrorCode>(
      "confirmation_missing",
      "there is no terminal on which to ask whether to do this",
      {
        remedy: "Say --yes, or --dry-run to only look.",
      },
    );
  }
  if (!answer && !asJson) print("nothing was done\n");
  return answer;
}

function impossible({ items }: Plan): CodedError {
  const named = items.filter(({ outcome }) => outcome === "impossible").map(({ resource }) => resource);
  return new CodedError<TreeErrorCode>("tree_impossible", `this cannot be done: ${named.join(", ")}`, {
    remedy: "Nothing was done. Take it out of the file, or end the resource and make another one under a new name.",
  });
}
