// `enks migration check`: the checks of a plan that anybody can make from outside.

import { styleText } from "node:util";
import type { Command } from "commander";
import type { CheckResult } from "../../features/migration/checks/check-types.ts";
import { runChecks } from "../../features/migration/checks/run-checks.ts";
import { jsonText, plainText } from "../output/plain-text.ts";
import { wrapText } from "../output/wrap-text.ts";
import { addJsonOption, endWithCode, REFUSED } from "../server-command.ts";
import type { Surroundings } from "../surroundings.ts";
import { readPlanFile } from "./read-plan.ts";
import { readPlannedTrees } from "./read-planned-trees.ts";

interface CheckFlags {
  readonly file: string;
  readonly json?: true;
}

export function addCheckCommand(migration: Command, surroundings: Surroundings): void {
  const checking = migration
    .command("check")
    .description("check from outside whether the trees of a plan are ready; each check passes, fails or is waived")
    .requiredOption("-f, --file <plan>", "the plan in YAML or JSON; - reads standard input");
  addJsonOption(checking)
    .addHelpText("after", "\nExit codes: 0 every check passes or is waived; 1 a check fails.")
    .action((flags: CheckFlags) => endWithCode(() => checkPlan(flags, surroundings)));
}

const USUAL_COLUMNS = 80;

/** Answers 0 where every check passes or is waived, else 1. Throws the codes of plan and keys. */
async function checkPlan({ file, json }: CheckFlags, surroundings: Surroundings): Promise<number> {
  const { terminal } = surroundings;
  const plan = await readPlanFile(file);
  const results = runChecks(plan, await readPlannedTrees(plan, surroundings));
  const isReady = results.every(({ outcome }) => outcome !== "fail");
  if (json) terminal.write(jsonText({ isReady, checks: results }));
  else terminal.write(renderChecks(results, terminal.screen()?.columns ?? USUAL_COLUMNS));
  return isReady ? 0 : REFUSED;
}

const MARKS: Readonly<Record<CheckResult["outcome"], string>> = {
  pass: styleText("green", "✓"),
  fail: styleText("red", "✗"),
  waived: styleText("yellow", "!"),
};

function renderChecks(results: readonly CheckResult[], width: number): string {
  const widest = Math.max(...results.map(({ name }) => name.length));
  const indent = " ".repeat(widest + 7);
  const lines = results.map(({ name, outcome, holds, findings, remedy, waiver }) => {
    const below = [
      ...findings.map(plainText),
      ...(outcome === "fail" && remedy !== null ? [`-> ${remedy}`] : []),
      ...(waiver === null ? [] : [`waived: ${plainText(waiver)}`]),
    ];
    const said = outcome === "pass" ? holds : `not so: ${holds}`;
    return `  ${MARKS[outcome]}  ${name.padEnd(widest)}  ${said}\n${below.map((text) => wrapText(text, width, indent)).join("")}`;
  });
  const count = (outcome: CheckResult["outcome"]) => results.filter((result) => result.outcome === outcome).length;
  return `${lines.join("")}\n  ${count("pass")} pass, ${count("waived")} waived, ${count("fail")} fail\n`;
}
